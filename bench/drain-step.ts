/**
 * The drain step: the real client fetches and parses every page of every list and code table of an import and
 * discards it. Without mapping and database, this is the least time that an import can take.
 */
import { firstSchoolYearRead } from '../src/enrollment/school-year.ts';
import {
  CodeTableReader,
  readCodeTables,
  readSchoolYears,
} from '../src/qmlativ/lists/code-tables.ts';
import { qmlativObjects } from '../src/qmlativ/objects/objects.ts';
import { createQmlativClient } from '../src/qmlativ/qmlativ-client.ts';
import { objectPath, type QmlativObject } from '../src/qmlativ/objects/qmlativ-object.ts';
import { createQmlativSource } from '../src/qmlativ/lists/roster-source.ts';
import { clientOptions, type StepResult, type StepOptions } from './step-options.ts';

export async function drain(options: StepOptions): Promise<Omit<StepResult, 'peakBytes'>> {
  const lists = await listImportedObjects(options);
  const start = performance.now();
  let requests = 0;
  const client = createQmlativClient({ ...clientOptions(options), onRequest: () => requests++ });
  const tables = new CodeTableReader(client);
  let rows = 0;
  try {
    const { districts } = await client.systemMetadata();
    const schoolYear = districts[0]?.schoolYear?.numericYear ?? 0;
    const { entityId } = options.skyward;
    const { years } = await readSchoolYears(tables, entityId);
    const first = firstSchoolYearRead(Temporal.PlainDate.from(options.today));
    const schoolYearIds = [...years]
      .filter(([, year]) => year >= first && year <= schoolYear + 1)
      .map(([id]) => id);
    await readCodeTables(tables, { entityId, schoolYearIds }, years);
    for (const object of lists) {
      const scope = { entityId, ...(object.yearBound ? { schoolYearIds } : {}) };
      for await (const page of client.readPages(object, scope)) rows += page.rows.length;
    }
    const seconds = (performance.now() - start) / 1000;
    return { seconds, rows, requests, outcome: null, phases: {} };
  } finally {
    await client.close();
  }
}

/** Returns the lists that an import reads, so that the drain reads no fewer. Not timed. */
async function listImportedObjects(options: StepOptions): Promise<QmlativObject[]> {
  const source = createQmlativSource(clientOptions(options));
  try {
    const roster = await source.openRoster({
      today: options.today,
      firstSchoolYear: firstSchoolYearRead(Temporal.PlainDate.from(options.today)),
    });
    const objects: readonly QmlativObject[] = Object.values(qmlativObjects);
    return roster.lists.map((list) => {
      const object = objects.find((one) => objectPath(one) === list.object);
      if (object === undefined) throw new Error(`${list.object} is not in the catalog`);
      return object;
    });
  } finally {
    await source.close();
  }
}
