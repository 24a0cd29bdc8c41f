/** Words for invented people, streets and towns. */

type Words = readonly [string, ...string[]];

function splitWords(text: string): Words {
  const [first = '', ...rest] = text.trim().split(/\s+/u);
  return [first, ...rest];
}

/** Given names and surnames of one community. */
export interface Community {
  readonly female: Words;
  readonly male: Words;
  readonly surnames: Words;
  /** Whether children get the surnames of both parents. */
  readonly usesTwoSurnames: boolean;
  /** Code of a common home language other than English. */
  readonly homeLanguage: string;
}

const english: Community = {
  female:
    splitWords(`Abigail Addison Alice Amber Anna Ashlyn Audrey Ava Bailey Beatrice Brianna Brooke
    Caroline Charlotte Chloe Claire Cora Daisy Delaney Eleanor Eliza Ella Emma Evelyn Faith Georgia
    Grace Hadley Hannah Harper Hazel Iris Ivy Jane Josephine Julia Kayla Kendall Lauren Leah Lila
    Lucy Lydia Macy Mary-Kate Maya Meredith Molly Nora Olivia Paige Phoebe Quinn Rachel Rebecca Ruby
    Ruth Sadie Savannah Sophie Stella Tessa Violet Willa Zoe`),
  male: splitWords(`Aaron Adam Aiden Andrew Asher Austin Benjamin Blake Brandon Caleb Cameron Carter
    Charles Colin Connor Daniel David Declan Dylan Eli Elliot Ethan Everett Felix Finn Gavin Graham
    Grant Harrison Henry Hudson Ian Isaac Jack Jacob Jean-Luc James Jonah Joseph Joshua Julian Kyle
    Landon Levi Liam Logan Lucas Marcus Mason Matthew Micah Nathan Noah Nolan Oliver Oscar Owen Parker
    Patrick Reid Samuel Sean Silas Theodore Tyler Victor Wesley William Wyatt`),
  surnames:
    splitWords(`Abbott Anderson Bailey Baker Barnes Bennett Blackwood Brooks Bryant Burke Caldwell
    Campbell Carter Chandler Clarke Coleman Collins Crawford D'Angelo Dalton Davenport Dawson Dixon
    Doyle Ellis Evans Fletcher Foster Gallagher Gibson Graves Hale Harper Hayes Holloway Hughes Hunter
    Jennings Keller Kendrick Lambert Lawson MacDonald Marsh McAllister Mercer Mitchell Monroe Nash
    Norwood O'Brien O'Connor O'Malley Palmer Parker Pierce Porter Ramsey Reed Rhodes Sawyer Shaw
    Sinclair Spencer St.~John Stone Sutton Tate Thornton Tucker Vance Walsh Warren Webb Whitaker Wilder
    Winslow Wyatt Young`),
  usesTwoSurnames: false,
  homeLanguage: 'en',
};

const spanish: Community = {
  female:
    splitWords(`Adriana Alejandra Ana~María Andrea Ángela Beatriz Camila Carmen Catalina Daniela Elena
    Esperanza Fernanda Gabriela Guadalupe Inés Isabel Itzel Jimena Julieta Lucía Luz Mariana Marisol
    Mónica Natalia Paloma Paola Pilar Renata Rocío Rosalía Sofía Valeria Verónica Ximena Yolanda`),
  male: splitWords(`Adrián Alejandro Álvaro Andrés Antonio Carlos César Cristóbal Diego Emiliano Enrique
    Esteban Federico Felipe Fernando Francisco Gerardo Gonzalo Héctor Ignacio Iván Javier Joaquín
    Jorge José~Luis Julián Leonardo Luis Manuel Mateo Maximiliano Miguel Óscar Pablo Rafael Raúl
    Ricardo Rodrigo Rubén Santiago Sebastián Tomás Vicente`),
  surnames:
    splitWords(`Acosta Aguilar Álvarez Arriaga Ávila Barrera Benítez Cárdenas Castañeda Castillo
    Cervantes Chávez Contreras Córdova Cortés Dávila De~la~Cruz Delgado Díaz Domínguez Escobar
    Espinoza Estrada Fuentes Galván García Garza Gómez González Guerrero Gutiérrez Hernández Ibarra
    Jiménez Juárez Leal León López Luna Maldonado Márquez Martínez Medina Mejía Mendoza Montoya
    Morales Muñoz Navarro Núñez Ochoa Ortega Ortiz Peña Pérez Quintero Ramírez Ramos Reyes Ríos
    Robles Rodríguez Rosales Ruiz Salazar Saldaña Sánchez Sandoval Serrano Solís Soto Treviño Valdez
    Vargas Vásquez Vega Velázquez Villarreal Zamora Zúñiga`),
  usesTwoSurnames: true,
  homeLanguage: 'es',
};

const vietnamese: Community = {
  female: splitWords(
    'Anh Bích Chi Diệu Hà Hạnh Hoa Hương Lan Linh Mai Ngọc Phương Quỳnh Thảo Thủy Trang Vy',
  ),
  male: splitWords(
    'An Bảo Cường Đạt Dũng Hải Hiếu Hùng Khoa Long Minh Nam Phúc Quân Sơn Thành Tuấn Vinh',
  ),
  surnames: splitWords(
    'Bùi Đặng Đinh Đỗ Dương Hồ Hoàng Huỳnh Lâm Lê Lý Mai Ngô Nguyễn Phạm Phan Tạ Trần Trịnh Võ Vũ',
  ),
  usesTwoSurnames: false,
  homeLanguage: 'vi',
};

const african: Community = {
  female: splitWords(
    'Adaeze Amara Amina Ayana Chidinma Fatou Halima Imani Makena Nia Nkechi Safiya Zainab Zuri',
  ),
  male: splitWords(
    "Abdi Amare Chidi Emeka Idris Jabari Kofi Kwame Malik N'Golo Obinna Omari Sekou Tariq Yusuf",
  ),
  surnames: splitWords(
    'Abebe Adeyemi Bekele Danso Diallo Eze Hassan Kamara Kimani Mensah Mwangi Nwosu Okafor Osei Tesfaye Traoré',
  ),
  usesTwoSurnames: false,
  homeLanguage: 'am',
};

const southAsian: Community = {
  female: splitWords(
    'Aanya Anika Asha Diya Ishani Kavya Lakshmi Meera Nandini Pooja Priya Riya Saanvi Shreya Tara',
  ),
  male: splitWords(
    'Aarav Aditya Arjun Dev Harsh Ishaan Karan Kiran Nikhil Pranav Rahul Rohan Samir Varun Vikram',
  ),
  surnames: splitWords(
    'Agarwal Bhatt Chaudhary Desai Gupta Iyer Joshi Kapoor Kulkarni Mehta Nair Patel Rao Reddy Shah Sharma Singh Verma',
  ),
  usesTwoSurnames: false,
  homeLanguage: 'hi',
};

const arabic: Community = {
  female: splitWords(
    'Aisha Farah Hanan Huda Layla Lina Mariam Noor Rania Salma Samira Yasmin Zahra',
  ),
  male: splitWords('Adel Ahmad Bilal Faris Hamza Jamal Karim Nabil Omar Rami Samer Tarek Ziad'),
  surnames: splitWords(
    'Abboud Al-Hakim Al-Masri Bakri Darwish Haddad Jaber Khalil Mansour Najjar Qasim Saleh Shaheen Yassin',
  ),
  usesTwoSurnames: false,
  homeLanguage: 'ar',
};

/** The communities of the district; frequent ones occur several times. */
export const communities: readonly [Community, ...Community[]] = [
  english,
  english,
  english,
  english,
  spanish,
  spanish,
  spanish,
  vietnamese,
  african,
  southAsian,
  arabic,
];

/** Street names, without direction. */
export const streetNames: Words =
  splitWords(`Alder~Creek~Dr Bluebonnet~Ln Canyon~Rd Cedar~St Chestnut~Ave
  Cottonwood~Ct Dogwood~Trl Elm~St Fairview~Ave Foxglove~Way Granite~Pass Heritage~Oaks~Dr Hickory~St
  Juniper~Ln Kestrel~Ct Lakeside~Dr Live~Oak~St Magnolia~Ave Maple~St Meadowlark~Ln Mesquite~Rd
  Mockingbird~Ln Mustang~Dr Orchard~Rd Pecan~St Persimmon~Ct Pinto~Trl Quarry~Rd Red~Bud~Ln
  Ridgecrest~Dr Saddle~Club~Rd Sagebrush~Way Sandstone~Ct Shady~Brook~Ln Spring~Hollow~Rd Sycamore~St
  Tumbleweed~Trl Walnut~St Whispering~Pines~Dr Willow~Bend~Rd Windmill~Ln Yucca~Ct`);

/** Words for school names. */
export const schoolNames: Words =
  splitWords(`Bluebonnet Cypress~Creek Mockingbird Live~Oak Pecan~Valley
  Red~River Sandhill Prairie~View Mesquite~Springs Canyon~Ridge Lone~Star Juniper~Hills Windmill~Park
  Heron~Lake Cottonwood Sunrise Bentwood Stonebridge Copper~Hill Brazos~Bend`);

/** Replaces `~`, which joins names of several words, by spaces. */
export function displayWord(word: string): string {
  return word.replaceAll('~', ' ');
}
