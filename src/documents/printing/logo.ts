/** Tries a logo as the printing of documents will use it. Only in a thread: what is wrong with the file may end it. */
import PdfKit from 'pdfkit';

/** More points than paper of this size can show; a picture that says so may be made to fill the memory. */
const maxPixels = 3000;

/** What a picture's own head says of it. */
interface OpenedPicture {
  readonly width: number;
  readonly height: number;
}

/** Why it can't be printed, as a sentence; `undefined` when it can. Throws for what is no picture. */
export async function tryLogo(logo: Uint8Array): Promise<string | undefined> {
  const file = Buffer.from(logo);
  const pdf = new PdfKit();
  // The types of PDFKit leave this one out; it is what `image` begins with.
  const { width, height } = (
    pdf as unknown as { openImage: (source: Buffer) => OpenedPicture }
  ).openImage(file);
  if (!(width > 0 && height > 0 && width <= maxPixels && height <= maxPixels)) {
    return `The picture is ${width} by ${height} points large; at most ${maxPixels} each way are printed.`;
  }
  pdf.image(file, 0, 0, { fit: [96, 48] });
  pdf.end();
  await Array.fromAsync(pdf);
  return undefined;
}
