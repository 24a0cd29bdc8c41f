/** Splits a stream of bytes into lines of UTF-8 text, in batches, with bounded memory. */
import { isUtf8 } from 'node:buffer';

/** A line without its line ending, or why it could not be read. */
export type Line = { readonly text: string } | { readonly problem: string };

const lineFeed = 10;
const carriageReturn = 13;

/** Longer lines are rejected: parsing one would take several gigabytes and crash the process. */
const defaultMaxLineBytes = 64 * 1024 * 1024;

/**
 * Returns the lines of `input` in order, in batches as bytes arrive. Lines end with LF or CRLF; the last one may
 * end with the input. A byte order mark at the start is dropped. A line that is not UTF-8 or longer than
 * `maxLineBytes` is returned as a problem, and reading continues after it.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array | string>,
  maxLineBytes: number = defaultMaxLineBytes,
): AsyncGenerator<readonly Line[]> {
  // Pieces of the line whose end has not arrived yet. They are joined once, so a long line costs linear time.
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
    // Copied, because a short rest would keep the whole chunk of the stream's pool in memory.
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

/** Whole lines. `isOverlong`: the first one began with more bytes than `maxLineBytes`, which were dropped. */
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

/** The slow path for a block with a bad line: only that line is rejected. */
function splitLinesOneByOne(bytes: Buffer, isOverlong: boolean, maxLineBytes: number): Line[] {
  const lines: Line[] = [];
  for (let from = 0; ;) {
    const end = bytes.indexOf(lineFeed, from);
    let line = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (line.at(-1) === carriageReturn) line = line.subarray(0, -1);
    if ((isOverlong && from === 0) || line.length > maxLineBytes) {
      lines.push({
        problem: `The line is longer than ${maxLineBytes} bytes. Check that every student is on its own line.`,
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
