/**
 * The one way in which files leave: made in turn into a temporary file, and sent from there. While a reader takes
 * their time, the server holds that file for them and nothing else.
 */
import type { WorkOwner, ConcurrencyLimiter } from '../../network/concurrency-limiter.ts';
import type { ApiOptions } from './api-environment.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Adds to the file. */
export type Write = (piece: Uint8Array | string) => Promise<void>;

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  pdf: 'application/pdf',
  zip: 'application/zip',
} as const;

interface FileDescription {
  /** The name that browsers save it under; its extension determines the content type. */
  readonly fileName: `${string}.${keyof typeof contentTypes}`;
  /** Whether browsers show it instead of saving it. */
  readonly isInline?: boolean;
}

export interface Download extends FileDescription {
  /** Makes the file; `signal` says when nobody waits for it any more. What it throws is answered as an error; nothing of the file is sent then. */
  readonly make: (write: Write, signal: AbortSignal) => Promise<void>;
}

/** Who asks. */
interface Reader extends WorkOwner {
  readonly request: Request;
}

/**
 * Answers with the file once it was its turn to be made. Throws `TurnsFullError` when this user has too many downloads
 * at once, or when too many wait.
 */
export async function sendDownload(
  { work, temporaryFiles }: Pick<ApiOptions, 'work' | 'temporaryFiles'>,
  { request, ...whose }: Reader,
  limiter: ConcurrencyLimiter,
  download: Download,
): Promise<Response> {
  // Nobody reads the body of a HEAD; to make it would be for nothing.
  if (request.method === 'HEAD') return new Response(null, { headers: toHeaders(download) });
  const { signal } = request;
  const answered = Promise.withResolvers<Response>();
  const serve = async () => {
    const file = temporaryFiles.create(whose.group);
    try {
      await limiter.take(whose, async () => fill(file, download, signal), signal);
      const headers = { ...toHeaders(download), 'content-length': String(file.size) };
      const small = file.inMemory();
      const { body, sent } = small === undefined ? readBody(file, signal) : { body: small };
      answered.resolve(new Response(body, { headers }));
      await sent;
    } finally {
      await file.close();
    }
  };
  // What fails after the answer ends the connection; there is nobody left to answer.
  work.downloads.take(whose, serve, signal).catch((error: unknown) => {
    if (signal.aborted) answered.resolve(new Response(null, { status: clientGone }));
    else answered.reject(error);
  });
  return answered.promise;
}

/** For the log alone: the reader left before there was an answer. */
const clientGone = 499;

async function fill(file: TemporaryFile, { make }: Download, signal: AbortSignal): Promise<void> {
  await make(async (piece) => {
    signal.throwIfAborted();
    await file.write(piece);
  }, signal);
  signal.throwIfAborted();
}

/** The file as a body that is read from the disk, and when its last byte was taken or its reader was gone. */
function readBody(
  file: TemporaryFile,
  signal: AbortSignal,
): { readonly body: ReadableStream<Uint8Array>; readonly sent: Promise<void> } {
  const { promise: sent, resolve: end } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => end(), { once: true });
  const pieces = file.pieces();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next();
          if (done !== true) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        end();
      },
      cancel: () => end(),
    },
    // Nothing is read ahead of the reader.
    { highWaterMark: 0 },
  );
  return { body, sent };
}

/** Returns a response with a file that is in memory already. */
export const download = (file: FileDescription, content: string): Response =>
  new Response(content, { headers: toHeaders(file) });

const toHeaders = ({ fileName, isInline = false }: FileDescription) => ({
  'content-type': contentTypes[fileName.split('.').at(-1) as keyof typeof contentTypes],
  'content-disposition': `${isInline ? 'inline' : 'attachment'}; filename="${fileName}"`,
  'cache-control': 'no-store',
});
