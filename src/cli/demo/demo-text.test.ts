import { expect, it } from 'vitest';
import { formatDemoSummary } from './demo-text.ts';

it('the demo prints where it runs, how to sign in, and how to change a student', () => {
  const text = formatDemoSummary({
    url: 'http://localhost:4000',
    password: 'a-password',
    technician: { secret: 'SECRET', backupCodes: ['one', 'two', 'three'] },
    skyward: {
      adminUrl: 'http://127.0.0.1:4010/STS',
      adminUser: 'skyward.admin',
      adminPassword: 'sandbox-password',
      controlUrl: 'http://127.0.0.1:4010/control',
    },
    change: {
      student: 'Ana Abbott',
      studentNumber: '10020',
      object: 'Demographics/Name',
      rows: { 2020: { LastName: 'Ruiz' } },
    },
  });
  expect(text).toBe(`The web app is at http://localhost:4000
Sign in with the password a-password as
  administrator@demo.example  administrator: an import is on hold and needs review
  case.manager@demo.example   case manager of one school: documents, own students
  technician@vendor.example   technician of the vendor: three districts, a request and an e-mail to answer
Technicians also need a code: add the secret SECRET to an authenticator app,
or use a backup code, each of them once: one, two.

The sandbox Skyward is at http://127.0.0.1:4010/STS
Sign in there with the login skyward.admin and the password sandbox-password.

To see an import at work, change the last name of Ana Abbott (student ID 10020) in Skyward,
then sign in as administrator and choose Import now under Import history:
  curl http://127.0.0.1:4010/control/rows -H 'Content-Type: application/json' \\
    -d '{"object":"Demographics/Name","rows":{"2020":{"LastName":"Ruiz"}}}'

Press Ctrl-C to stop. The next start continues with this data.`);
});
