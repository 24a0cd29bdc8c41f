/**
 * The drain: every page of every list and code table of a night, fetched and parsed by the real client, and
 * thrown away. No mapping and no database: the least that a night can take.
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
import { clientOptions, type ChildFigures, type StepOrder } from './step-order.ts';

export async function drain(order: StepOrder): Promise<Omit<ChildFigures, 'peakBytes'>> {
  const lists = await listsOfNight(order);
  const start = performance.now();
  let requests = 0;
  const client = createQmlativClient({ ...clientOptions(order), onRequest: () => requests++ });
  const tables = new CodeTableReader(client);
  let rows = 0;
  try {
    const { districts } = await client.systemMetadata();
    const schoolYear = districts[0]?.schoolYear?.numericYear ?? 0;
    const { entityId } = order.skyward;
    const { years } = await readSchoolYears(tables, entityId);
    const first = firstSchoolYearRead(Temporal.PlainDate.from(order.today));
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

/** The lists that the import itself would read, so that the drain can never read less. Not timed. */
async function listsOfNight(order: StepOrder): Promise<QmlativObject[]> {
  const source = createQmlativSource(clientOptions(order));
  try {
    const roster = await source.openRoster({
      today: order.today,
      firstSchoolYear: firstSchoolYearRead(Temporal.PlainDate.from(order.today)),
    });
    const objects: readonly QmlativObject[] = Object.values(qmlativObjects);
    return roster.lists.map((list) => {
      const object = objects.find((one) => objectPath(one) === list.object);
      if (object === undefined) throw new Error(`${list.object} is not in the catalogue`);
      return object;
    });
  } finally {
    await source.close();
  }
}
