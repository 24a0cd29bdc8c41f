/**
 * Row-level security holds for the owner of the tables too: what works as the owner, imports, commands and functions of
 * the owner, sees every row by a policy that says so, and nobody sees one without a policy.
 */
import type pg from 'pg';

/** Tables under row-level security where that is not so, or where the policy is a former owner's (pg_restore). */
const unforced = `
  select c.oid::regclass as name, c.relowner::regrole as owner from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
    and pg_has_role(c.relowner, 'usage')
    and not (c.relforcerowsecurity and exists (select from pg_policy p
      where p.polrelid = c.oid and p.polname = 'by_owner' and p.polroles = array[c.relowner]))`;

/** The web's policies would bind an owner who has what the web's role has without asking; no superuser is bound. */
const inherits = `(pg_has_role(to_regrole('daybreak_web'), 'usage')
  and not (select rolsuper from pg_roles where rolname = current_user))`;

/** Whether `forceSecurity` has something to do. */
export async function isSecurityUnforced(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(`select exists (${unforced}) as found`);
  return rows[0]?.found === true;
}

/** Makes it so for every table that is under row-level security by now, where this user may. */
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
      -- The doctor says what an administrator of the server has to run.
      when insufficient_privilege then null;
    end $$`);
}
