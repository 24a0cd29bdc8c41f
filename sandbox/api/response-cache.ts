/** Caches rendered pages, so that a benchmark measures the client and not this server. */
import type { EncodedBody } from './response-encoding.ts';

/** Responses by path, query and body. Any change of a row or an access clears it. */
export class ResponseCache {
  readonly #responses = new Map<string, EncodedBody>();
  readonly #dataVersion: () => number;
  #version: number;

  constructor(dataVersion: () => number) {
    this.#dataVersion = dataVersion;
    this.#version = dataVersion();
  }

  find(key: string): EncodedBody | undefined {
    if (this.#version !== this.#dataVersion()) {
      // A page may contain fields of related objects, so any change may affect it.
      this.clear();
      this.#version = this.#dataVersion();
    }
    return this.#responses.get(key);
  }

  store(key: string, body: EncodedBody): void {
    this.#responses.set(key, body);
  }

  clear(): void {
    this.#responses.clear();
  }
}
