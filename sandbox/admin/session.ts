/** Sessions of people on the pages of the practice Skyward. */
import { randomBytes } from 'node:crypto';
import { isSameText } from '../api/access-secret.ts';

/** One browser's session; `user` is undefined until somebody has signed in. */
export interface AdminSession {
  readonly id: string;
  readonly user: string | undefined;
  /** Goes with every form, so that no other site can send one (CSRF). */
  readonly formToken: string;
  /** A sentence for the next page. */
  notice: string | undefined;
}

/** How long a session lives after its last request. */
const idleMs = 60 * 60_000;
/** Enough for every test and person at once; the oldest go first. */
const maxSessions = 1000;

/** All sessions of one practice system. */
export class AdminSessions {
  readonly #sessions = new Map<string, { session: AdminSession; lastSeenMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The session with this id, if it still lives. */
  find(id: string | undefined): AdminSession | undefined {
    const found = id === undefined ? undefined : this.#sessions.get(id);
    if (found === undefined) return undefined;
    if (found.lastSeenMs + idleMs <= this.#now()) {
      this.#sessions.delete(found.session.id);
      return undefined;
    }
    found.lastSeenMs = this.#now();
    return found.session;
  }

  /** A new session; signing in begins one, so that an id known before is worth nothing. */
  start(user: string | undefined): AdminSession {
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= maxSessions && oldest !== undefined) this.#sessions.delete(oldest);
    const session: AdminSession = {
      id: randomBytes(24).toString('base64url'),
      user,
      formToken: randomBytes(24).toString('base64url'),
      notice: undefined,
    };
    this.#sessions.set(session.id, { session, lastSeenMs: this.#now() });
    return session;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }
}

/** True when a form came from a page of this session. */
export function isOwnForm(session: AdminSession | undefined, token: string | null): boolean {
  return session !== undefined && token !== null && isSameText(session.formToken, token);
}
