/**
 * How the server sends files: each is written to a temporary file within a concurrency limit and sent from there,
 * so that a slow client occupies that file and nothing else.
 */
import type { WorkOwner, ConcurrencyLimiter } from '../../network/concurrency-limiter.ts';
import type { ApiOptions } from './api-environment.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Appends to the file. */
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
  /**
   * Writes the file; `signal` aborts when the client is gone. If it throws, an error is sent and nothing of the
   * file.
   */
  readonly make: (write: Write, signal: AbortSignal) => Promise<void>;
}

/** The caller. */
interface Reader extends WorkOwner {
  readonly request: Request;
}

/**
 * Returns the response after the file is written. Throws `QueueFullError` if the user has too many downloads at
 * once, or if too many are waiting.
 */
export async function sendDownload(
  { work, temporaryFiles }: Pick<ApiOptions, 'work' | 'temporaryFiles'>,
  { request, ...whose }: Reader,
  limiter: ConcurrencyLimiter,
  download: Download,
): Promise<Response> {
  // A HEAD has no body, so the file is not written.
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
  // An error after the response has started only ends the connection.
  work.downloads.take(whose, serve, signal).catch((error: unknown) => {
    if (signal.aborted) answered.resolve(new Response(null, { status: clientGone }));
    else answered.reject(error);
  });
  return answered.promise;
}

/** For the log only: the client left before the response. */
const clientGone = 499;

async function fill(file: TemporaryFile, { make }: Download, signal: AbortSignal): Promise<void> {
  await make(async (piece) => {
    signal.throwIfAborted();
    await file.write(piece);
  }, signal);
  signal.throwIfAborted();
}

/** Returns the file as a stream, and a promise of its end: the last byte was taken, or the client is gone. */
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
    // Reads nothing ahead of the client.
    { highWaterMark: 0 },
  );
  return { body, sent };
}

/** Returns a response with a file that is in memory already. */
export const download = (file: FileDescription, content: string): Response =>
  new Response(content, { headers: toHeaders(file) });

/** Headers hold ASCII only; browsers prefer the encoded name (RFC 6266). */
function toFileNameParameters(fileName: string): string {
  const plain = fileName
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^ -~]|["\\%]/g, '_');
  if (plain === fileName) return `filename="${fileName}"`;
  const encoded = encodeURIComponent(fileName).replaceAll(
    /['()*]/g,
    (character) => `%${character.codePointAt(0)?.toString(16).toUpperCase() ?? ''}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}

const toHeaders = ({ fileName, isInline = false }: FileDescription) => ({
  'content-type': contentTypes[fileName.split('.').at(-1) as keyof typeof contentTypes],
  'content-disposition': `${isInline ? 'inline' : 'attachment'}; ${toFileNameParameters(fileName)}`,
  'cache-control': 'no-store',
});
