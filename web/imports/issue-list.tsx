/** Import issues with students, fields in words, and their place in Skyward for support. */
import { Link } from '@tanstack/react-router';

import type { ImportProblem } from '../../src/contract/imports/import-issues.ts';
import { useDomain } from '../districts/district-query.ts';
import { listName } from '../students/person-name.ts';
import { SupportDetails } from '../shell/support-details.tsx';

interface IssueListProps {
  readonly issues: readonly ImportProblem[];
  /** Returns the kind in words, where a list has several. */
  readonly titleOf?: (kind: string) => string;
}

export function IssueList({ issues, titleOf }: IssueListProps) {
  return (
    <ul className="issues">
      {issues.map((issue, index) => (
        // Issues of a run never change and have no other key than their position.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index}>
          <Issue issue={issue} title={titleOf?.(issue.kind)} />
        </li>
      ))}
    </ul>
  );
}

function Issue({
  issue,
  title,
}: {
  readonly issue: ImportProblem;
  readonly title: string | undefined;
}) {
  const domain = useDomain();
  const { student, label } = issue;
  // For other kinds the advice says the same as the message.
  const reason = issue.page === null ? null : issue.message;
  return (
    <>
      <span className="issue-student">
        {student === null ? (
          <span className="quiet">Student not imported</span>
        ) : (
          <Link to="/a/$domain/students/$studentId" params={{ domain, studentId: `${student.id}` }}>
            {listName({
              first: student.firstName,
              middle: null,
              last: student.lastName,
              suffix: student.suffix,
            })}
          </Link>
        )}
      </span>
      <span className="issue-text">
        {title !== undefined && <strong>{title}</strong>}
        <span className="quiet">{[label, reason].filter(Boolean).join(': ')}</span>
      </span>
      <SupportDetails>{formatPlace(issue)}</SupportDetails>
    </>
  );
}

function formatPlace({ object, field, page, row, key }: ImportProblem): string {
  return [
    object,
    field !== null && `field ${field}`,
    page !== null && `page ${page}`,
    row !== null && `row ${row}`,
    key !== null && `record ${key}`,
  ]
    .filter((part) => part !== null && part !== false)
    .join(', ');
}
