/** Caseloads: a user's own students. */
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
    if (account !== user.accountId) {
      if (!administers(user.role)) throw notFound();
      const users = await options.accounts.users.list(district.id);
      if (!users.some(({ id }) => id === account)) throw notFound();
    }
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
