/** Caseloads: a user's own students. */
import type { Accounts, User } from '../../accounts/accounts.ts';
import { administers } from '../../contract/endpoint.ts';
import { caseloadApi } from '../../contract/students/caseload.ts';
import { addToCaseload, listCaseload, removeFromCaseload } from '../../students/list/caseload.ts';
import { notFound } from '../api-error.ts';
import type { RouteContext } from '../route.ts';

/** Adds the routes of caseloads; other users' lists are for administrators. */
export function addCaseloadRoutes({ route, options }: RouteContext): void {
  route(caseloadApi.getCaseload, async ({ district, user }) => ({
    students: await district.read(async (database) => listCaseload(database, user.accountId)),
  }));

  route(caseloadApi.changeCaseload, async ({ district, user, body }) => {
    const { students, isAdded, account = user.accountId } = body;
    await requireCaseloadAccess(options.accounts, district.id, user, account);
    return district.write(async (database) => {
      const change = isAdded ? addToCaseload : removeFromCaseload;
      const count = await change(database, account, students);
      if (count > 0) {
        const detail = { count, isAdded, isOwn: account === user.accountId };
        await district.audit({ action: 'caseload-changed', detail }, database);
      }
      return { students: await listCaseload(database, account) };
    });
  });
}

/** Throws unless the list is the caller's own, or the caller is an administrator and its owner a user of the district. */
export async function requireCaseloadAccess(
  accounts: Pick<Accounts, 'users'>,
  districtId: number,
  user: User,
  account: string,
): Promise<void> {
  if (account === user.accountId) return;
  if (!administers(user.role)) throw notFound();
  const users = await accounts.users.list(districtId);
  if (!users.some(({ id }) => id === account)) throw notFound();
}
