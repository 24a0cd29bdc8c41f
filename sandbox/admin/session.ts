/** Sessions of the sandbox's admin pages. */
import { randomBytes } from 'node:crypto';
import { isSameText } from '../api/access-secret.ts';

/** A browser's session; `user` is undefined before the sign-in. */
export interface AdminSession {
  readonly id: string;
  readonly user: string | undefined;
  /** Part of every form, against cross-site request forgery (CSRF). */
  readonly formToken: string;
  /** Notice for the next page. */
  notice: string | undefined;
}

/** Lifetime of a session after its last request. */
const idleMs = 60 * 60_000;
/** Enough for all tests at once; the oldest sessions are removed first. */
const maxSessions = 1000;

/** All sessions of one sandbox. */
export class AdminSessions {
  readonly #sessions = new Map<string, { session: AdminSession; lastSeenMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns the session with this id, unless it has expired. */
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

  /** Starts a session. Signing in starts a new one, against session fixation. */
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

/** Returns whether a form came from a page of this session. */
export function isOwnForm(session: AdminSession | undefined, token: string | null): boolean {
  return session !== undefined && token !== null && isSameText(session.formToken, token);
}
