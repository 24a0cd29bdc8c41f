/** Keeps rendered pages, so that a benchmark measures the client and not this server. */

/** Answers by path, query and body. Any change of a row or an access drops them all. */
export class KeptAnswers {
  readonly #answers = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #dataVersion: () => number;
  #version: number;

  constructor(dataVersion: () => number) {
    this.#dataVersion = dataVersion;
    this.#version = dataVersion();
  }

  find(key: string): Uint8Array<ArrayBuffer> | undefined {
    if (this.#version !== this.#dataVersion()) {
      // A page may show fields of related objects, so a change anywhere may touch it.
      this.clear();
      this.#version = this.#dataVersion();
    }
    return this.#answers.get(key);
  }

  keep(key: string, body: Uint8Array<ArrayBuffer>): void {
    this.#answers.set(key, body);
  }

  clear(): void {
    this.#answers.clear();
  }
}
