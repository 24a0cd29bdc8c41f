/**
 * Attacks a running server, one family of attacks after the other, and reports findings.
 *
 * This folder attacks a running server; its folders are families of attacks and the attacked server.
 */
import type { Database } from '../../src/database/database.ts';
import type { EmbeddedServer } from '../../src/database/embedded/shared-server.ts';
import { accessFamily } from './records/access.ts';
import { type Family, Attempts } from './attack.ts';
import { bodiesFamily } from './http/bodies.ts';
import { crossSiteFamily } from './http/cross-site.ts';
import { injectionFamily, textFamily } from './records/hostile-text.ts';
import { libraryRoutesFamily } from './accounts/library-routes.ts';
import { rawHttpFamily } from './http/raw-http.ts';
import { mailedLinksFamily } from './accounts/mailed-links.ts';
import { twoFactorFamily } from './accounts/two-factor.ts';
import { sessionsFamily } from './accounts/sessions.ts';
import { singleSignOnFamily } from './accounts/single-sign-on.ts';
import { schoolsFamily } from './records/schools.ts';
import { auditTrailFamily } from './records/audit-trail.ts';
import { behindAProxyFamily } from './http/behind-a-proxy.ts';
import { outgoingFamily } from './http/server-side-requests.ts';
import { leftBehindFamily } from './records/leaked-secrets.ts';
import { rowLevelSecurityFamily } from './records/row-level-security.ts';
import { supportMailFamily } from './accounts/support-mail.ts';
import { exhaustionFamily } from './http/exhaustion.ts';
import { pdfFilesFamily } from './records/pdf-files.ts';
import { storedTextFamily } from './records/stored-text.ts';
import { openTarget } from './target/target.ts';

export interface AttackOptions {
  /** Whether to run only a sample, of the families that take a few seconds, for `npm test`. */
  readonly isQuick: boolean;
  /** Seed for choosing the sample. */
  readonly seed: number;
  /** Names of the families to run; all by default. */
  readonly families?: readonly string[] | undefined;
}

export interface AttackResult {
  attempts: number;
  /** Successful attacks as sentences; must stay empty. */
  findings: string[];
  families: Record<
    string,
    { readonly attempts: number; readonly limited: number; readonly findings: number }
  >;
}

/** In order of execution: those that leave many rows or exhaust limits come last. */
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
  onProgress: (sentence: string) => void,
): Promise<AttackResult> {
  const { isQuick, seed, families } = options;
  const result: AttackResult = { attempts: 0, findings: [], families: {} };
  const started = performance.now();
  const target = await openTarget(database, connection);
  onProgress(`started and filled in ${Math.round((performance.now() - started) / 100) / 10} s`);
  try {
    for (const family of attackFamilies) {
      if (isQuick && !family.isQuick) continue;
      if (families?.includes(family.name) === false) continue;
      const startedFamily = performance.now();
      const attempts = new Attempts(isQuick, seed);
      try {
        await family.attack(target, attempts);
      } catch (error) {
        attempts.record(
          'the attack',
          `stopped: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      }
      const findings = attempts.findings.map((finding) => `${family.name}: ${finding}`);
      result.attempts += attempts.count;
      result.findings.push(...findings);
      const { count, limited } = attempts;
      result.families[family.name] = { attempts: count, limited, findings: findings.length };
      const seconds = Math.round((performance.now() - startedFamily) / 100) / 10;
      onProgress(
        `${family.name}: ${count} attempts, ${limited} limited, ${findings.length} findings, ${seconds} s`,
      );
    }
    return result;
  } finally {
    await target.close();
  }
}
