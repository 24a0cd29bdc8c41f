/** The advisory lock that keeps imports of one district apart from each other and from changes of students. */

/** Returns the lock's key as SQL; `districtId` is SQL too: a parameter (`$1`) or a column. */
export const importLock = (districtId: string): string =>
  `hashtextextended('daybreak import', ${districtId})`;
