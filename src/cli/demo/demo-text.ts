/** What the demo prints when it is ready. Pure. */
import { textTable } from '../text-table.ts';
import { demoPeople, type Authenticator } from './demo-accounts.ts';
import type { SuggestedChange } from './demo-skyward-changes.ts';
import type { DemoSkyward } from './demo-skyward.ts';

export interface DemoSummary {
  readonly url: string;
  readonly password: string;
  readonly technician: Authenticator;
  readonly skyward: Pick<
    DemoSkyward['addresses'],
    'adminUrl' | 'adminUser' | 'adminPassword' | 'controlUrl'
  >;
  readonly change: SuggestedChange | undefined;
}

/** Formats addresses, accounts and what to try. */
export function formatDemoSummary(summary: DemoSummary): string {
  const { url, password, technician, skyward, change } = summary;
  const people = textTable([
    [demoPeople.administrator.email, 'administrator: an import is on hold and needs review'],
    [demoPeople.caseManager.email, 'case manager of one school: documents, own students'],
    [
      demoPeople.technician.email,
      'technician of the vendor: three districts, a request and an e-mail to answer',
    ],
  ]);
  const [one, two] = technician.backupCodes;
  return [
    `The web app is at ${url}`,
    `Sign in with the password ${password} as`,
    ...indent(people),
    `Technicians also need a code: add the secret ${technician.secret} to an authenticator app,`,
    `or use a backup code, each of them once: ${one}, ${two}.`,
    '',
    `The sandbox Skyward is at ${skyward.adminUrl}`,
    `Sign in there with the login ${skyward.adminUser} and the password ${skyward.adminPassword}.`,
    ...(change === undefined ? [] : ['', ...formatChange(skyward.controlUrl, change)]),
    '',
    'Press Ctrl-C to stop. The next start continues with this data.',
  ].join('\n');
}

const indent = (text: string) => text.split('\n').map((line) => `  ${line}`);

function formatChange(controlUrl: string, change: SuggestedChange): readonly string[] {
  const { student, studentNumber, object, rows } = change;
  return [
    `To see an import at work, change the last name of ${student} (student ID ${studentNumber}) in Skyward,`,
    'then sign in as administrator and choose Import now under Import history:',
    `  curl ${controlUrl}/rows -H 'Content-Type: application/json' \\`,
    `    -d '${JSON.stringify({ object, rows })}'`,
  ];
}
