/** A table of documents: of one student, or of all students with their names. */
import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { formatDay } from '../../src/contract/day-format.ts';
import type { DocumentRow } from '../../src/contract/documents/documents.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { fullName } from '../students/person-name.ts';

interface DocumentTableProps {
  readonly rows: readonly DocumentRow[];
  readonly withStudent: boolean;
}

export function DocumentTable({ rows, withStudent }: DocumentTableProps) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  return (
    <Table className="plain-table document-table">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Document</Table.Th>
          {withStudent && <Table.Th scope="col">Student</Table.Th>}
          <Table.Th scope="col">Status</Table.Th>
          <Table.Th scope="col" data-minor>
            Due date
          </Table.Th>
          <Table.Th scope="col" data-minor>
            Last change
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id}>
            <Table.Td>
              <Link
                to="/a/$domain/documents/$documentId"
                params={{ domain, documentId: String(row.id) }}
              >
                {row.title}
              </Link>
            </Table.Td>
            {withStudent && (
              <Table.Td>
                <Link
                  to="/a/$domain/students/$studentId/documents"
                  params={{ domain, studentId: String(row.student.id) }}
                >
                  {fullName(row.student.name)}
                </Link>
              </Table.Td>
            )}
            <Table.Td>
              <DocumentStateMark row={row} />
            </Table.Td>
            <Table.Td data-minor>{row.dueOn !== null && formatDay(row.dueOn)}</Table.Td>
            <Table.Td data-minor>
              {formatInstant(row.changedAt, timeZone)} by {row.changedBy}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function DocumentStateMark({ row }: { readonly row: DocumentRow }) {
  return (
    <>
      <span className="document-state" data-state={row.deletedAt === null ? row.state : 'deleted'}>
        {row.deletedAt !== null ? 'Deleted' : row.state === 'complete' ? 'Complete' : 'Incomplete'}
      </span>
      {row.hasNewerDetails && row.deletedAt === null && (
        <span className="document-newer">Student info changed</span>
      )}
    </>
  );
}
