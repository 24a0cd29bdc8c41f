/** The Documents tab: the student's documents, the district's PDF forms to fill, and recently deleted documents. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';

import { writingRoles } from '../../../src/contract/endpoint.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { useDistrict } from '../../districts/district-query.ts';
import {
  documentSecondLine,
  listStudentDocumentColumns,
} from '../../documents/list/document-columns.tsx';
import { documentListQuery } from '../../documents/document-queries.ts';
import { PdfFormFill } from '../../documents/pdf-forms/fill.tsx';
import { DataTable } from '../../shell/data-table.tsx';
import { EmptyState } from '../../shell/list-state.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import '../../documents/documents.css';

export function DocumentsTab() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const [showsDeleted, setShowsDeleted] = useState(false);
  const deleted = useQuery(documentListQuery(domain, { student: studentId, deleted: 'yes' }));
  const { data: session } = useQuery(sessionQuery);
  const mayWrite = writingRoles.some((role) => role === session?.account.role);
  const deletedCount = deleted.data?.total ?? 0;
  return (
    <div className="documents-tab">
      <StudentDocuments studentId={studentId} mayWrite={mayWrite} />
      <PdfFormFill studentId={studentId} />
      {deletedCount > 0 && (
        <button
          type="button"
          className="text-button"
          aria-expanded={showsDeleted}
          onClick={() => setShowsDeleted(!showsDeleted)}
        >
          Recently deleted ({deletedCount})
        </button>
      )}
      {deletedCount > 0 && showsDeleted && (
        <StudentDocuments studentId={studentId} mayWrite={mayWrite} isDeleted />
      )}
    </div>
  );
}

interface StudentDocumentsProps {
  readonly studentId: string;
  readonly mayWrite: boolean;
  readonly isDeleted?: boolean;
}

function StudentDocuments({ studentId, mayWrite, isDeleted = false }: StudentDocumentsProps) {
  const { domain } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const { timeZone, today } = useDistrict();
  const { data, error, refetch } = useQuery(
    documentListQuery(domain, {
      student: studentId,
      ...(isDeleted && { deleted: 'yes' as const }),
    }),
  );
  if (error !== null && data === undefined) {
    return (
      <ProblemNotice
        title="The documents could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  return (
    <DataTable
      caption={isDeleted ? 'Recently deleted documents' : 'Documents'}
      columns={listStudentDocumentColumns({ domain, timeZone, today })}
      rows={data?.rows}
      rowId={({ id }) => id}
      secondLine={(row) => documentSecondLine(row, false)}
      skeletonRows={3}
      empty={
        <EmptyState title="No documents yet">
          {mayWrite
            ? 'Choose a form under New document, at the top. It is pre-filled from the student’s Details.'
            : 'You can view documents, not create them.'}
        </EmptyState>
      }
    />
  );
}
