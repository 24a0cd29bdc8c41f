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
    const owner = await findCaseloadOwner(options.accounts, district.id, user, account);
    return district.write(async (database) => {
      const count = isAdded
        ? await addToCaseload(database, owner, students)
        : await removeFromCaseload(database, account, students);
      if (count > 0) {
        const isOwn = account === user.accountId;
        const detail = { count, isAdded, isOwn, ...(!isOwn && { user: owner.name }) };
        await district.audit({ action: 'caseload-changed', detail }, database);
      }
      return { students: await listCaseload(database, account) };
    });
  });
}

/** Whose list it is, and of which schools; null: of all. */
interface CaseloadOwner {
  readonly accountId: string;
  readonly name: string;
  readonly schools: readonly number[] | null;
}

/** Returns the owner of a list: the caller or, for administrators, another user of the district. Otherwise throws. */
export async function findCaseloadOwner(
  accounts: Pick<Accounts, 'users'>,
  districtId: number,
  user: User,
  account: string,
): Promise<CaseloadOwner> {
  if (account === user.accountId) return user;
  if (!administers(user.role)) throw notFound();
  const users = await accounts.users.list(districtId);
  const owner = users.find(({ id }) => id === account);
  if (owner === undefined) throw notFound();
  return { accountId: owner.id, name: owner.name, schools: owner.schools };
}
