/** Cuts a stream of bytes into lines of UTF-8 text, many at a time, holding no more than it must. */
import { isUtf8 } from 'node:buffer';

/** A line's text without its end, or why it could not be read. */
export type Line = { readonly text: string } | { readonly problem: string };

const lineFeed = 10;
const carriageReturn = 13;

/** A longer line is refused: parsing it would take several gigabytes and end the process. */
const defaultMaxLineBytes = 64 * 1024 * 1024;

/**
 * The lines of `input` in order, in batches as the bytes come. Lines end with LF or CRLF; the last may end
 * with the input. A byte order mark at the very start is dropped. A line that is not UTF-8 or longer than
 * `maxLineBytes` comes as a problem, and reading goes on after it.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array | string>,
  maxLineBytes: number = defaultMaxLineBytes,
): AsyncGenerator<readonly Line[]> {
  // Pieces of the line whose end has not come yet; joined once, so that a long line costs its length only.
  let pieces: Buffer[] = [];
  let pieceBytes = 0;
  let isFirst = true;

  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : toBuffer(chunk);
    const end = bytes.lastIndexOf(lineFeed);
    const rest = bytes.subarray(end + 1);
    if (end >= 0) {
      const whole = bytes.subarray(0, end);
      const lines = splitLines(joinPieces(pieces, pieceBytes, whole, maxLineBytes), maxLineBytes);
      yield isFirst ? withoutByteOrderMark(lines) : lines;
      isFirst = false;
      pieces = [];
      pieceBytes = 0;
    }
    pieceBytes += rest.length;
    if (pieceBytes > maxLineBytes) pieces = [];
    // The chunk's memory belongs to the stream's pool; a copy keeps a short rest from holding all of it.
    else if (rest.length > 0) pieces.push(Buffer.from(rest));
  }
  if (pieceBytes > 0) {
    const lines = splitLines(
      joinPieces(pieces, pieceBytes, Buffer.alloc(0), maxLineBytes),
      maxLineBytes,
    );
    yield isFirst ? withoutByteOrderMark(lines) : lines;
  }
}

const toBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whole lines; `overlong` says that the first of them began with more bytes than were kept. */
interface Block {
  readonly bytes: Buffer;
  readonly isOverlong: boolean;
}

function joinPieces(
  pieces: Buffer[],
  pieceBytes: number,
  whole: Buffer,
  maxLineBytes: number,
): Block {
  if (pieceBytes > maxLineBytes) return { bytes: whole, isOverlong: true };
  return {
    bytes: pieces.length === 0 ? whole : Buffer.concat([...pieces, whole]),
    isOverlong: false,
  };
}

function splitLines({ bytes, isOverlong }: Block, maxLineBytes: number): Line[] {
  if (isOverlong || bytes.length > maxLineBytes || !isUtf8(bytes)) {
    return splitLinesOneByOne(bytes, isOverlong, maxLineBytes);
  }
  const lines: Line[] = [];
  const text = bytes.toString('utf8');
  for (let from = 0; ;) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    lines.push({ text: line.endsWith('\r') ? line.slice(0, -1) : line });
    if (end < 0) return lines;
    from = end + 1;
  }
}

/** The careful way, for a block that has a bad line somewhere: only that line is refused. */
function splitLinesOneByOne(bytes: Buffer, isOverlong: boolean, maxLineBytes: number): Line[] {
  const lines: Line[] = [];
  for (let from = 0; ;) {
    const end = bytes.indexOf(lineFeed, from);
    let line = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (line.at(-1) === carriageReturn) line = line.subarray(0, -1);
    if ((isOverlong && from === 0) || line.length > maxLineBytes) {
      lines.push({
        problem: `The line is longer than ${maxLineBytes} bytes. Check that every student stands on a line of its own.`,
      });
    } else if (isUtf8(line)) lines.push({ text: line.toString('utf8') });
    else lines.push({ problem: 'The line is not UTF-8 text. Save the file as UTF-8.' });
    if (end < 0) return lines;
    from = end + 1;
  }
}

function withoutByteOrderMark(lines: Line[]): Line[] {
  const [first, ...others] = lines;
  return first && 'text' in first && first.text.startsWith('\uFEFF')
    ? [{ text: first.text.slice(1) }, ...others]
    : lines;
}
