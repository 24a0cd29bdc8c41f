/** Tests whether a logo can be printed. Runs in a thread, because a broken file may crash it. */
import PdfKit from 'pdfkit';

/** More pixels are not visible at this size on paper, and an image may declare a huge size to exhaust memory. */
const maxPixels = 3000;

/** The size in an image's header. */
interface OpenedPicture {
  readonly width: number;
  readonly height: number;
}

/** Returns why the logo can't be printed, as a sentence; `undefined` if it can. Throws if it is not an image. */
export async function tryLogo(logo: Uint8Array): Promise<string | undefined> {
  const file = Buffer.from(logo);
  const pdf = new PdfKit();
  // Missing in PDFKit's types; `image` calls it first.
  const { width, height } = (
    pdf as unknown as { openImage: (source: Buffer) => OpenedPicture }
  ).openImage(file);
  if (!(width > 0 && height > 0 && width <= maxPixels && height <= maxPixels)) {
    return `The image is ${width} × ${height} pixels; the maximum is ${maxPixels} × ${maxPixels}.`;
  }
  pdf.image(file, 0, 0, { fit: [96, 48] });
  pdf.end();
  await Array.fromAsync(pdf);
  return undefined;
}
