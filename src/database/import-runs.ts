/** Which import runs count as the last one, in SQL: conditions on `import_runs`. */

/** A completed import: it published, or found no changes. */
export const isCompleted = (runs: string): string =>
  `not ${runs}.is_dry_run and ${runs}.state in ('published', 'unchanged')`;

/** An import that read and checked all data, so that its problems are all there are; a failed one may not have. */
export const hasAllIssues = (runs: string): string =>
  `not ${runs}.is_dry_run and ${runs}.state in ('published', 'unchanged', 'held')`;

/** The id of the last run of the district `$1` with this condition. */
export const selectLastRun = (condition: (runs: string) => string): string =>
  `(select r.id from import_runs r where r.district_id = $1 and ${condition('r')}
    order by r.started_at desc, r.id desc limit 1)`;
