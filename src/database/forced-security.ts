/**
 * Forces row-level security for the owner of the tables too. Imports, commands and functions run as the owner and see
 * every row because of an explicit policy, so without a policy no role sees a row.
 */
import type pg from 'pg';

/** Tables with row-level security that is not forced, or with the policy of a former owner (pg_restore). */
const unforced = `
  select c.oid::regclass as name, c.relowner::regrole as owner from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
    and pg_has_role(c.relowner, 'usage')
    and not (c.relforcerowsecurity and exists (select from pg_policy p
      where p.polrelid = c.oid and p.polname = 'by_owner' and p.polroles = array[c.relowner]))`;

/** An owner who inherits the web role would be limited by the web's policies; superusers are not limited. */
const inherits = `(pg_has_role(to_regrole('daybreak_web'), 'usage')
  and not (select rolsuper from pg_roles where rolname = current_user))`;

/** Returns whether `forceSecurity` has something to do. */
export async function isSecurityUnforced(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(`select exists (${unforced}) as found`);
  return rows[0]?.found === true;
}

/** Forces row-level security on every table that has it, as far as this user may. */
export async function forceSecurity(client: pg.ClientBase): Promise<void> {
  await client.query(`do $$
    declare protected record;
    begin
      if ${inherits} then
        execute format('grant daybreak_web to %I with inherit false, set true', current_user);
      end if;
      if ${inherits} then
        return;
      end if;
      for protected in ${unforced} loop
        execute format('drop policy if exists by_owner on %s', protected.name);
        execute format('create policy by_owner on %s to %s using (true) with check (true)',
          protected.name, protected.owner);
        execute format('alter table %s force row level security', protected.name);
      end loop;
    exception
      -- The doctor command shows the statements for an administrator of the server.
      when insufficient_privilege then null;
    end $$`);
}
