/**
 * The tables as Kysely sees them: row types stand here, beside the migrations that make them, so
 * that a change of the schema is one change in one folder.
 */

/** Table name -> row type. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface Tables {}
