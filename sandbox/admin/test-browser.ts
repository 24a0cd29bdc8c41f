/** A minimal browser for tests of the pages: keeps its cookie, follows links and sends forms. */
import type { Sandbox } from '../sandbox.ts';

/** A loaded page. */
export interface LoadedPage {
  readonly status: number;
  readonly html: string;
  /** Final path, after redirects. */
  readonly path: string;
}

/** Opens the pages of a sandbox Skyward. Paths are relative to their root. */
export class TestBrowser {
  readonly #sandbox: Sandbox;
  #cookie = '';
  #html = '';

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  async open(path: string): Promise<LoadedPage> {
    return this.#request(`${this.#sandbox.adminPath}${path}`, { method: 'GET' });
  }

  /** Sends a form to a path, by default with the form token of the open page. */
  async send(
    path: string,
    fields: readonly (readonly [string, string])[],
    formToken = this.formToken,
  ): Promise<LoadedPage> {
    const body = new URLSearchParams([
      ['formToken', formToken],
      ...fields.map((each) => [...each]),
    ]);
    return this.#request(`${this.#sandbox.adminPath}${path}`, { method: 'POST', body });
  }

  async signIn(password = this.#sandbox.adminPassword): Promise<LoadedPage> {
    await this.open('/sign-in');
    return this.send('/sign-in', [
      ['login', this.#sandbox.adminUser],
      ['password', password],
    ]);
  }

  get formToken(): string {
    return /name="formToken" value="([^"]*)"/u.exec(this.#html)?.[1] ?? '';
  }

  async #request(path: string, init: RequestInit): Promise<LoadedPage> {
    const response = await this.#sandbox.app.request(path, {
      ...init,
      headers: { Cookie: this.#cookie },
    });
    this.#cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.#cookie;
    const location = response.headers.get('location');
    if (location !== null) return this.#request(location, { method: 'GET' });
    this.#html = await response.text();
    return { status: response.status, html: this.#html, path };
  }
}
