/** Attacks on a running server, family by family: whatever does not hold is a hole. */
import type { Database } from '../src/database/database.ts';
import type { EmbeddedServer } from '../src/database/embedded/server.ts';
import { accessFamily } from './attacks/access.ts';
import { type Family, Tries } from './attacks/attack.ts';
import { bodiesFamily } from './attacks/bodies.ts';
import { crossSiteFamily } from './attacks/cross-site.ts';
import { injectionFamily, textFamily } from './attacks/hostile-text.ts';
import { libraryRoutesFamily } from './attacks/library-routes.ts';
import { rawHttpFamily } from './attacks/raw-http.ts';
import { mailedLinksFamily } from './attacks/mailed-links.ts';
import { twoFactorFamily } from './attacks/second-factor.ts';
import { sessionsFamily } from './attacks/sessions.ts';
import { singleSignOnFamily } from './attacks/single-sign-on.ts';
import { schoolsFamily } from './attacks/schools.ts';
import { auditTrailFamily } from './attacks/audit-trail.ts';
import { behindAProxyFamily } from './attacks/behind-a-proxy.ts';
import { outgoingFamily } from './attacks/outgoing.ts';
import { leftBehindFamily } from './attacks/left-behind.ts';
import { rowLevelSecurityFamily } from './attacks/row-level-security.ts';
import { supportMailFamily } from './attacks/support-mail.ts';
import { exhaustionFamily } from './attacks/exhaustion.ts';
import { pdfFilesFamily } from './attacks/pdf-files.ts';
import { storedTextFamily } from './attacks/stored-text.ts';
import { openTarget } from './attacks/target.ts';

export interface AttackOptions {
  /** A sample of the families that have a form of a few seconds, for `npm test`. */
  readonly isQuick: boolean;
  /** Chooses the sample. */
  readonly seed: number;
  /** Only families of these names; all unless told. */
  readonly families?: readonly string[] | undefined;
}

export interface AttackFigures {
  tries: number;
  /** What did not hold, in words; must stay empty. */
  holes: string[];
  families: Record<
    string,
    { readonly tries: number; readonly limited: number; readonly holes: number }
  >;
}

/** In the order in which they run: those that leave much behind, or use limits up, come last. */
export const attackFamilies: readonly Family[] = [
  accessFamily,
  schoolsFamily,
  rowLevelSecurityFamily,
  bodiesFamily,
  rawHttpFamily,
  crossSiteFamily,
  libraryRoutesFamily,
  sessionsFamily,
  mailedLinksFamily,
  twoFactorFamily,
  singleSignOnFamily,
  behindAProxyFamily,
  auditTrailFamily,
  outgoingFamily,
  injectionFamily,
  textFamily,
  supportMailFamily,
  storedTextFamily,
  pdfFilesFamily,
  exhaustionFamily,
  leftBehindFamily,
];

/** Starts the servers in this empty database and attacks them. */
export async function proveAttacks(
  database: Database,
  connection: EmbeddedServer['connection'],
  options: AttackOptions,
  tell: (sentence: string) => void,
): Promise<AttackFigures> {
  const { isQuick, seed, families } = options;
  const figures: AttackFigures = { tries: 0, holes: [], families: {} };
  const started = performance.now();
  const target = await openTarget(database, connection);
  tell(`started and filled in ${Math.round((performance.now() - started) / 100) / 10} s`);
  try {
    for (const family of attackFamilies) {
      if (isQuick && !family.isQuick) continue;
      if (families?.includes(family.name) === false) continue;
      const begun = performance.now();
      const tries = new Tries(isQuick, seed);
      try {
        await family.attack(target, tries);
      } catch (error) {
        tries.note(
          'the attack',
          `broke off: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      }
      const holes = tries.holes.map((hole) => `${family.name}: ${hole}`);
      figures.tries += tries.count;
      figures.holes.push(...holes);
      const { count, limited } = tries;
      figures.families[family.name] = { tries: count, limited, holes: holes.length };
      const seconds = Math.round((performance.now() - begun) / 100) / 10;
      tell(
        `${family.name}: ${count} tries, ${limited} limited, ${holes.length} holes, ${seconds} s`,
      );
    }
    return figures;
  } finally {
    await target.close();
  }
}
