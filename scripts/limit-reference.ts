/** Renders docs/safety-limits.md from the table of safety limits. */
import { format } from 'prettier';
import { safetyLimits, type Threshold } from '../src/contract/safety-limits.ts';

const describe = (threshold: Threshold | null): string =>
  threshold === null
    ? 'not checked'
    : `more than ${Math.round(threshold.share * 1000) / 10}%, at least ${threshold.minimum}`;

/** Returns the page. */
export async function limitReference(): Promise<string> {
  const rows = Object.values(safetyLimits).map(
    ({ label, explanation, district, school }) =>
      `| ${label} | ${explanation} | ${describe(district)} | ${describe(school)} |`,
  );
  const page = `# Safety limits

An import that would change too much is put on hold: nothing is published, yesterday's data stays, and a person reviews it under _Import history_. A limit is exceeded by more than its share, if it is also at least the minimum. In a small district or school, where the minimum is more than half of all students, more than half and at least five are enough. Administrators change the limits of their district under _Settings > Imports_.

| limit | what is counted | whole district | each school |
| --- | --- | --- | --- |
${rows.join('\n')}

- Changes caused by the date alone, such as an enrollment that ends as entered weeks ago, are not counted here: they would happen without an import. If they are many, their students are put on hold instead ([status rules](status-rules.md)), by the limit of students who become inactive.
- Values of a field are compared with the students who have one. Students count for the school they had before the import; new ones for their new school.
- What changes often in a district raises its own limits: a share that at least three of its last 30 completed imports reached counts double, up to 50%. This applies to values removed, guardians, homerooms and teachers, and any other field; never to statuses, names, dates of birth, IDs, or students who are removed or new. Imports that were approved count, imports that were undone do not. A quiet history lowers no limit.
- A value that is added where there was none is not counted.
- An import is also held if Skyward sends no students or no enrollments, if a list is suddenly empty, if most rows of a list cannot be used, if end dates or withdrawal codes are empty in nearly all rows, and if an initial import would import nobody ([errors](errors.md)).
- All reasons are listed, the worst first. \`daybreak import --allow-mass-change\` imports in spite of them.

Why these numbers: [decision 40](decisions/0040-safety-limits.md).
`;
  return format(page, { parser: 'markdown' });
}
