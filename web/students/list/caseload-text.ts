/** What the notices about lists of students say. Pure. */

/** The user whose list is changed. */
export interface CaseloadOwner {
  readonly id: string;
  readonly name: string;
}

interface CaseloadResult {
  readonly count: number;
  /** Students that were not added, since their school is not one of the owner's. */
  readonly left: number;
  readonly isAdded: boolean;
  /** Absent: the user's own list. */
  readonly owner: string | undefined;
}

const countOf = (count: number): string =>
  count === 1 ? '1 student' : `${count.toLocaleString('en-US')} students`;

/** `Added 3 students to Casey Morgan’s list.` */
export function formatCaseloadChange({ count, left, isAdded, owner }: CaseloadResult): string {
  const list = owner === undefined ? 'My students' : `${owner}’s list`;
  const done = isAdded
    ? `Added ${countOf(count)} to ${list}.`
    : `Removed ${countOf(count)} from ${list}.`;
  if (left === 0) return done;
  const why = `at a school that ${owner ?? 'you'} ${owner === undefined ? 'are' : 'is'} not assigned to`;
  const rest = `${countOf(left)} ${left === 1 ? 'is' : 'are'} ${why}.`;
  return count === 0 ? `No student was added: ${rest}` : `${done} ${rest}`;
}
