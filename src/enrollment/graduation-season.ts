/** When it is no surprise that the highest grade graduates. Pure. */
import type { Enrollment } from './enrollment.ts';

/** The season: the last days of a school year. */
export const seasonDays = 45;

/** Whether an enrollment ends in the last 45 days of its school year (its calendar, else May 31) or later. */
export function isGraduationSeason({
  endDate,
  withdrawalDate,
  calendarEndDate,
  schoolYear,
}: Pick<Enrollment, 'endDate' | 'withdrawalDate' | 'calendarEndDate' | 'schoolYear'>): boolean {
  const end = endDate ?? withdrawalDate;
  const yearEnd = calendarEndDate ?? new Temporal.PlainDate(schoolYear, 5, 31);
  return (
    end !== null && Temporal.PlainDate.compare(end, yearEnd.subtract({ days: seasonDays })) >= 0
  );
}
