/** Warns while the user types that the student may already exist. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { formatDay } from '../../../src/contract/day-format.ts';
import { manualStudentsApi } from '../../../src/contract/students/manual-students.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { listName } from '../person-name.ts';
import type { StudentDraft } from './student-draft.ts';

interface LikelyDuplicatesProps {
  readonly draft: StudentDraft;
  /** The student being edited, if any. */
  readonly exceptId: number | null;
}

const debounceMs = 350;

/** The live region is always rendered; otherwise screen readers would not announce its changes. */
export function LikelyDuplicates({ draft, exceptId }: LikelyDuplicatesProps) {
  const domain = useDomain();
  const [request] = useDebouncedValue(toRequest(draft, exceptId), debounceMs, { leading: false });
  const { data } = useQuery({
    queryKey: [domain, 'likely-duplicates', request],
    queryFn: ({ signal }) =>
      callApi(
        manualStudentsApi.findLikelyDuplicates,
        { domain, body: JSON.parse(request) as RequestBody },
        signal,
      ),
    enabled: request !== '',
    staleTime: 0,
    gcTime: 0,
  });
  const found = request === '' ? undefined : data;
  return (
    <div aria-live="polite">
      {found !== undefined && found.students.length > 0 && (
        <div className="attention">
          <p className="attention-title">Is it one of these?</p>
          <ul>
            {found.students.map((student) => (
              <li key={student.id}>
                <Link
                  to="/a/$domain/students/$studentId"
                  params={{ domain, studentId: String(student.id) }}
                  target="_blank"
                >
                  {listName(student.name)}
                </Link>
                {student.birthDate !== null && `, date of birth ${formatDay(student.birthDate)}`}
                {student.studentNumber !== null && `, student ID ${student.studentNumber}`}
                {student.schoolName !== null && `, ${student.schoolName}`}
                {`: ${student.hasSameNumber ? 'same student number' : 'same name and birth date'}`}
                {student.isFromSkyward ? ', from Skyward.' : ', added manually.'}
              </li>
            ))}
          </ul>
        </div>
      )}
      {found?.coversWholeDistrict === false && (
        <p className="quiet">
          Only students of your schools were compared. If the student may have been at another
          school of the district, ask an administrator to check, and to enter the student number.
        </p>
      )}
    </div>
  );
}

interface RequestBody {
  readonly studentNumber: string | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly birthDate: string | null;
  readonly exceptId: number | null;
}

/** As text, so equal requests share one query; empty while there is too little to search for. */
function toRequest(
  { name, birthDate, studentNumber }: StudentDraft,
  exceptId: number | null,
): string {
  const number = studentNumber?.trim() ?? '';
  const isComplete =
    (name.first?.trim() ?? '') !== '' &&
    (name.last?.trim() ?? '') !== '' &&
    /^\d{4}-\d\d-\d\d$/.test(birthDate);
  if (number === '' && !isComplete) return '';
  const body: RequestBody = {
    studentNumber: number.slice(0, 30) || null,
    first: isComplete ? (name.first?.slice(0, 60) ?? null) : null,
    last: isComplete ? (name.last?.slice(0, 60) ?? null) : null,
    birthDate: isComplete ? birthDate : null,
    exceptId,
  };
  return JSON.stringify(body);
}
