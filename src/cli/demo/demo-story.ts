/** What happens in the demo's invented past, besides the nightly imports and the sandbox's own events. */
import {
  chooseCaseload,
  completeDocuments,
  createDocuments,
  deleteDocument,
} from './demo-documents.ts';
import { changeAreaCode, restoreSchools, withdrawSchools } from './demo-skyward-changes.ts';
import type { Scene } from './demo-scene.ts';
import { addDuplicate, addManualStudent } from './demo-students.ts';

interface Step {
  /** Days before the last day of the story. */
  readonly daysAgo: number;
  /** Before the nightly import, or during the workday after it. */
  readonly time: 'before-import' | 'workday';
  readonly run: (scene: Scene) => Promise<void>;
}

const steps: readonly Step[] = [
  { daysAgo: 10, time: 'workday', run: chooseCaseload },
  { daysAgo: 10, time: 'workday', run: createDocuments },
  { daysAgo: 9, time: 'workday', run: addManualStudent },
  { daysAgo: 8, time: 'workday', run: completeDocuments },
  { daysAgo: 6, time: 'workday', run: addDuplicate },
  // The district switches its Integration Access off by mistake, and on again in the morning.
  { daysAgo: 5, time: 'before-import', run: async ({ skyward }) => skyward.rejectTokens(true) },
  {
    daysAgo: 5,
    time: 'workday',
    run: async ({ skyward, importNow }) => {
      await skyward.rejectTokens(false);
      await importNow();
    },
  },
  { daysAgo: 4, time: 'workday', run: deleteDocument },
  { daysAgo: 3, time: 'before-import', run: moveAreaCode },
  // A whole school is withdrawn by mistake, so the last import is held; in Skyward it is corrected in the morning.
  { daysAgo: 0, time: 'before-import', run: withdrawByMistake },
  { daysAgo: 0, time: 'workday', run: correctMistake },
];

/** Lists what happens on a day, before the nightly import or after it. */
export const listSteps = (daysAgo: number, time: Step['time']): readonly Step['run'][] =>
  steps.filter((step) => step.daysAgo === daysAgo && step.time === time).map(({ run }) => run);

async function moveAreaCode({ skyward, schoolId }: Scene): Promise<void> {
  const phones = (await skyward.rows('Demographics/NamePhone')).map((row) => ({
    id: Number(row['NamePhoneID']),
    nameId: Number(row['NameID']),
    number: String(row['PhoneNumber']),
  }));
  const changes = changeAreaCode(await skyward.facts(), phones, schoolId);
  await skyward.changeRows('Demographics/NamePhone', changes);
}

async function withdrawByMistake({ skyward, schoolId, lastDay }: Scene): Promise<void> {
  const rows = withdrawSchools(await skyward.facts(), schoolId, lastDay);
  await skyward.changeRows('Enrollment/EntryWithdrawal', rows);
}

async function correctMistake({ skyward, lastDay }: Scene): Promise<void> {
  const rows = restoreSchools(await skyward.facts(), lastDay);
  await skyward.changeRows('Enrollment/EntryWithdrawal', rows);
}
