/** The work of the demo's case manager: her own students, and documents in every state. */
import type { FormTemplate } from '../../contract/documents/form-template.ts';
import {
  writeInDistrict,
  type DistrictDatabase,
} from '../../database/district-and-school-scope.ts';
import { findBuiltInForm } from '../../documents/built-in-forms.ts';
import type { DocumentContext } from '../../documents/document-context.ts';
import {
  createForStudents,
  performStep,
  saveFields,
  type Outcome,
} from '../../documents/document-work.ts';
import { addToCaseload } from '../../students/list/caseload.ts';
import type { Scene } from './demo-scene.ts';

const cover = 'education-program-cover';
const notice = 'meeting-notice';

const caseloadSize = 24;

/** Puts students of the school on the case manager's list. */
export async function chooseCaseload(scene: Scene): Promise<void> {
  await inDocuments(scene, async ({ database }) => {
    const students = await findStudents(database, scene.schoolId, caseloadSize);
    await addToCaseload(database, scene.people.caseManager, students);
  });
}

/** Days until a document is due after the last day of the story; undefined: no due date. */
const dueAfter = [-3, -1, 1, 2, 4, 16, 30, undefined] as const;

/** Creates documents of two forms for students of the case manager's school, due at different times. */
export async function createDocuments(scene: Scene): Promise<void> {
  await inDocuments(scene, async (context) => {
    const students = await findStudents(context.database, scene.schoolId, dueAfter.length);
    for (const [index, studentId] of students.entries()) {
      const days = dueAfter[index];
      const dueOn = days === undefined ? null : scene.lastDay.add({ days }).toString();
      await createForStudents(context, getForm(cover), [studentId], { dueOn });
    }
    await createForStudents(context, getForm(notice), students.slice(0, 4));
  });
}

/** Fills in and completes the notices of two students. */
export async function completeDocuments(scene: Scene): Promise<void> {
  await inDocuments(scene, async (context) => {
    for (const { id, version } of (await findDocuments(context.database, notice)).slice(0, 2)) {
      const saved = getDone(
        await saveFields(context, id, version, {
          meetingDate: scene.lastDay.add({ days: 9 }).toString(),
          meetingTime: '3:30 PM',
          place: 'Main office, conference room B',
          purpose: 'Annual review of the education program',
        }),
      );
      getDone(await performStep(context, id, saved.version, 'complete'));
    }
  });
}

/** Deletes the last incomplete notice. */
export async function deleteDocument(scene: Scene): Promise<void> {
  await inDocuments(scene, async (context) => {
    const last = (await findDocuments(context.database, notice)).at(-1);
    if (last !== undefined) getDone(await performStep(context, last.id, last.version, 'delete'));
  });
}

async function inDocuments(
  { pool, district, people, today }: Scene,
  work: (context: DocumentContext) => Promise<void>,
): Promise<void> {
  const { accountId, name, role, schools } = people.caseManager;
  await writeInDistrict(pool, { districtId: district.id, schools }, async (database) => {
    const person = { accountId, name, role };
    await work({ database, districtName: district.name, today, person });
  });
}

function getForm(key: string): FormTemplate {
  const form = findBuiltInForm(key);
  if (form === undefined) throw new Error(`There is no form ${key}`);
  return form;
}

function getDone(outcome: Outcome) {
  if (outcome.outcome === 'done') return outcome.document;
  throw new Error(`A document of the demo could not be changed: ${outcome.outcome}`);
}

async function findStudents(
  database: DistrictDatabase,
  schoolId: number,
  count: number,
): Promise<number[]> {
  const rows = await database.rows<{ id: number }>(
    `select id from students where district_id = $1 and entity_id = $2 and skyward_id is not null
       and status in ('ENROLLED', 'PRE_ENROLLED')
     order by last_name, first_name, id limit $3`,
    schoolId,
    count,
  );
  return rows.map(({ id }) => id);
}

async function findDocuments(
  database: DistrictDatabase,
  formKey: string,
): Promise<readonly { readonly id: number; readonly version: number }[]> {
  return database.rows<{ id: number; version: number }>(
    `select id, version from documents where district_id = $1 and form_key = $2
       and state = 'incomplete' and deleted_at is null order by id`,
    formKey,
  );
}
