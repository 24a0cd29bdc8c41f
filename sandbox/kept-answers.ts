/** Keeps rendered pages, so that a benchmark measures the client and not this server. */
import type { WireBody } from './wire-form.ts';

/** Answers by path, query and body. Any change of a row or an access drops them all. */
export class KeptAnswers {
  readonly #answers = new Map<string, WireBody>();
  readonly #dataVersion: () => number;
  #version: number;

  constructor(dataVersion: () => number) {
    this.#dataVersion = dataVersion;
    this.#version = dataVersion();
  }

  find(key: string): WireBody | undefined {
    if (this.#version !== this.#dataVersion()) {
      // A page may show fields of related objects, so a change anywhere may touch it.
      this.clear();
      this.#version = this.#dataVersion();
    }
    return this.#answers.get(key);
  }

  keep(key: string, body: WireBody): void {
    this.#answers.set(key, body);
  }

  clear(): void {
    this.#answers.clear();
  }
}
