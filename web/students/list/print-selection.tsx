/** Prints the selected students as a table, in the order and with the columns of the list. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { createPortal } from 'react-dom';

import { formatDay } from '../../../src/contract/day-format.ts';
import {
  maxSelectedStudents,
  type StudentColumn,
  type StudentRow,
  studentListApi,
} from '../../../src/contract/students/student-list.ts';
import { apiAddress, callApi } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { useNotice } from '../../shell/notices.tsx';
import { listName } from '../person-name.ts';
import { listColumns, type StudentListSearch } from './list-address.ts';
import { toDataColumns } from './student-columns.tsx';

interface SelectionOutputProps {
  readonly students: ReadonlySet<number>;
  readonly query: StudentListSearch;
}

/** Print and Export of the selection; the audit log names the students. */
export function SelectionOutput({ students, query }: SelectionOutputProps) {
  const domain = useDomain();
  const notify = useNotice();
  const ids = [...students].join(',');
  const print = useMutation({
    mutationFn: () =>
      callApi(studentListApi.printStudents, { domain, query: { ids, sort: query.sort } }),
    onError: ({ message }) => notify({ message, tone: 'problem' }),
  });
  if (students.size > maxSelectedStudents) {
    return <span>Print and export: select at most {maxSelectedStudents}.</span>;
  }
  const columns = listColumns(query);
  return (
    <>
      <Button variant="default" size="sm" loading={print.isPending} onClick={() => print.mutate()}>
        Print
      </Button>
      <Button
        component="a"
        variant="default"
        size="sm"
        href={apiAddress(
          studentListApi.exportStudents.path,
          { domain },
          { ids, sort: query.sort, columns: columns.join(',') },
        )}
        download
      >
        Export
      </Button>
      {print.data && (
        <PrintedStudents rows={print.data.rows} columns={columns} onPrinted={print.reset} />
      )}
    </>
  );
}

interface PrintedStudentsProps {
  readonly rows: readonly StudentRow[];
  readonly columns: readonly StudentColumn[];
  readonly onPrinted: () => void;
}

/** The table, which is on paper only, while the browser's print dialog is open. */
function PrintedStudents({ rows, columns, onPrinted }: PrintedStudentsProps) {
  const { name, today } = useDistrict();
  useEffect(() => {
    globalThis.addEventListener('afterprint', onPrinted, { once: true });
    globalThis.print();
    return () => globalThis.removeEventListener('afterprint', onPrinted);
  }, [onPrinted]);
  const count = rows.length === 1 ? '1 student' : `${rows.length} students`;
  return createPortal(
    <section className="printed-students">
      <h2>{name}</h2>
      <p>
        {count}, {formatDay(today)}
      </p>
      <table>
        <thead>
          <tr>
            {toDataColumns(columns).map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {toDataColumns(columns).map(({ key, cell }) => (
                <td key={key}>{key === 'name' ? listName(row.name) : cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>,
    document.body,
  );
}
