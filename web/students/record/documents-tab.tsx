/** The Documents tab: the student's documents, and creating a new one. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';

import { writingRoles } from '../../../src/contract/endpoint.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { documentListQuery } from '../../documents/document-queries.ts';
import { DocumentTable } from '../../documents/document-table.tsx';
import { NewDocument } from '../../documents/new-document.tsx';
import { PdfFormFill } from '../../documents/pdf-forms/fill.tsx';
import { EmptyState } from '../../shell/list-state.tsx';
import { TabState } from './tab-state.tsx';
import '../../documents/documents.css';

export function DocumentsTab() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const [showsDeleted, setShowsDeleted] = useState(false);
  const query = useQuery(
    documentListQuery(domain, {
      student: studentId,
      ...(showsDeleted && { deleted: 'yes' as const }),
    }),
  );
  const { data: session } = useQuery(sessionQuery);
  const mayWrite = writingRoles.some((role) => role === session?.account.role);
  return (
    <div className="documents-tab">
      {mayWrite && <NewDocument studentId={studentId} />}
      <PdfFormFill studentId={studentId} />
      <button
        type="button"
        className="filter"
        aria-pressed={showsDeleted}
        onClick={() => setShowsDeleted(!showsDeleted)}
      >
        Recently deleted
      </button>
      <TabState query={query} title="The documents could not be loaded">
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState title={showsDeleted ? 'No deleted documents' : 'No documents yet'}>
              {showsDeleted
                ? 'You can restore deleted documents from here for 90 days.'
                : "New documents are pre-filled from the student's Details."}
            </EmptyState>
          ) : (
            <DocumentTable rows={rows} withStudent={false} />
          )
        }
      </TabState>
    </div>
  );
}
