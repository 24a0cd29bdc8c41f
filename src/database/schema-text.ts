/** Writes the whole schema as readable text, from the system catalogs, in a fixed order. */
import type { Pool } from 'pg';

interface Line {
  readonly text: string;
}

/** Selects our objects: not those of PostgreSQL's own schemas or of extensions. */
const ours = (schema: string, catalog: string, oid: string) => `
  ${schema} NOT IN ('pg_catalog', 'information_schema') AND ${schema} !~ '^pg_(toast|temp)'
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const extensions = `
  SELECT format('extension %I', extname) AS text FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname`;

const enums = `
  SELECT format('type %I as enum (%s)', t.typname,
                (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
                 FROM pg_enum WHERE enumtypid = t.oid)) AS text
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'e' AND ${ours('n.nspname', 'pg_type', 't.oid')} ORDER BY t.typname`;

const functions = `
  SELECT trim(trailing E'\\n' FROM pg_get_functiondef(p.oid)) || E'\\n' AS text
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prokind IN ('f', 'p') AND ${ours('n.nspname', 'pg_proc', 'p.oid')}
  ORDER BY p.proname, pg_get_function_identity_arguments(p.oid)`;

const tables = `
  SELECT format(E'%s %s%s\\n%s', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                  ELSE CASE c.relpersistence WHEN 'u' THEN 'unlogged table' ELSE 'table' END END,
                CASE n.nspname WHEN 'public' THEN quote_ident(c.relname)
                  ELSE format('%I.%I', n.nspname, c.relname) END,
                CASE WHEN c.relrowsecurity THEN ' (row-level security'
                  || CASE WHEN c.relforcerowsecurity THEN ', also for the owner)' ELSE ')' END ELSE '' END,
                concat_ws(E'\\n', VARIADIC ARRAY(SELECT '  ' || line FROM (
      SELECT 1 AS part, a.attnum::text AS key, format('%I %s%s%s', a.attname,
               format_type(a.atttypid, a.atttypmod),
               CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
               CASE WHEN a.attidentity <> '' THEN ' generated as identity'
                    WHEN a.attgenerated <> '' THEN format(' generated as (%s)', pg_get_expr(d.adbin, d.adrelid))
                    WHEN d.adbin IS NOT NULL THEN ' default ' || pg_get_expr(d.adbin, d.adrelid)
                    ELSE '' END) AS line, a.attnum AS position
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL
      SELECT 2, k.conname, format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), 0
      FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'f', 'x')
      UNION ALL
      SELECT 3, i.relname, 'index ' || regexp_replace(pg_get_indexdef(i.oid), '^CREATE ', ''), 0
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
      WHERE x.indrelid = c.oid
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
      UNION ALL
      SELECT 4, t.tgname, pg_get_triggerdef(t.oid), 0 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
      UNION ALL
      SELECT 5, p.polname, format('policy %I for %s to %s using (%s) with check (%s)', p.polname, p.polcmd,
               (SELECT string_agg(CASE r WHEN c.relowner THEN 'the owner' ELSE r::regrole::text END, ', ')
                FROM unnest(p.polroles) r),
               pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)), 0
      FROM pg_policy p WHERE p.polrelid = c.oid
      UNION ALL
      SELECT 6, g.grantee::regrole::text, format('grant to %s: %s', g.grantee::regrole,
               string_agg(g.what, ', ' ORDER BY g.what COLLATE "C")), 0
      FROM (SELECT grantee, lower(privilege_type) AS what FROM aclexplode(c.relacl)
            UNION ALL
            SELECT x.grantee, format('%s (%s)', lower(x.privilege_type), string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum))
            FROM pg_attribute a, aclexplode(a.attacl) x
            WHERE a.attrelid = c.oid AND NOT a.attisdropped GROUP BY x.grantee, x.privilege_type) g
      WHERE g.grantee <> c.relowner GROUP BY g.grantee
      UNION ALL
      SELECT 7, 'definition', pg_get_viewdef(c.oid), 0 WHERE c.relkind IN ('v', 'm')
      ORDER BY part, position, key) AS lines))) || E'\\n' AS text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${ours('n.nspname', 'pg_class', 'c.oid')}
  ORDER BY n.nspname, c.relname COLLATE "C"`;

/** The command that writes the text again after a new migration. */
export const schemaDumpCommand = 'node scripts/with-node.mjs scripts/schema-dump.ts';

/**
 * Returns every extension, type, function, table and view with columns, defaults, constraints, indexes, triggers,
 * policies and grants. The text of a schema is the same on every machine.
 */
export async function schemaText(pool: Pool): Promise<string> {
  const heading = `-- The schema after all migrations, for reading. Written by: ${schemaDumpCommand}\n`;
  const parts = [heading];
  for (const query of [extensions, enums, functions, tables]) {
    const { rows } = await pool.query<Line>(query);
    parts.push(...rows.map((row) => row.text));
  }
  return `${parts.join('\n').trimEnd()}\n`;
}
