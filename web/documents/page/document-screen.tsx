/** A document: its bar, what changed in the student's information, and the form. */
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';

import type { Document } from '../../../src/contract/documents/documents.ts';
import { fieldsOf, listEmptyRequired } from '../../../src/contract/documents/form-template.ts';
import { writingRoles } from '../../../src/contract/endpoint.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { formatInstant } from '../../shell/dates.ts';
import { LoadingRows } from '../../shell/list-state.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { fullName, gradeName } from '../../students/person-name.ts';
import { DetailsChanges } from './details-changes.tsx';
import { DocumentBar } from './document-bar.tsx';
import { DocumentDue } from './document-due.tsx';
import { focusField } from './document-field-input.tsx';
import { DocumentHistory } from './document-history.tsx';
import { documentQuery } from '../document-queries.ts';
import { DocumentSections } from './document-sections.tsx';
import { FormPaper } from '../form-paper.tsx';
import { type DocumentDraft, useDocumentDraft } from './use-document-draft.ts';
import { failureTitles, useDocumentCopy, useDocumentStep } from './use-document-steps.ts';
import { ValueText } from './value-text.tsx';
import '../documents.css';

export function DocumentScreen() {
  const { domain, documentId } = useParams({ from: '/signed-in/a/$domain/documents/$documentId' });
  const { data, error, refetch } = useQuery(documentQuery(domain, documentId));
  return (
    <div className="screen">
      {data === undefined && error === null && <LoadingRows label="Loading the document" />}
      {data === undefined && error !== null && (
        <>
          <ScreenTitle name="Document">Document</ScreenTitle>
          <ProblemNotice
            title="The document could not be loaded"
            error={error}
            onRetry={() => void refetch()}
          />
        </>
      )}
      {data !== undefined && <OpenDocument key={data.id} domain={domain} document={data} />}
    </div>
  );
}

function OpenDocument({
  domain,
  document,
}: {
  readonly domain: string;
  readonly document: Document;
}) {
  const { data: session } = useQuery(sessionQuery);
  const mayWrite = writingRoles.some((role) => role === session?.account.role);
  const draft = useDocumentDraft(domain, document);
  const step = useDocumentStep(domain, document, draft.flush);
  const copying = useDocumentCopy(domain, document);
  const [wasTried, setTried] = useState(false);
  const [showsVersions, setShowsVersions] = useState(false);
  const isComplete = document.state === 'complete';
  const isDeleted = document.deletedAt !== null;
  const missing = listMissing(document, draft);
  const complete = () => {
    const [first] = missing;
    setTried(first !== undefined);
    if (first === undefined) step.mutate('complete');
    else focusField(first.key);
  };
  return (
    <>
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link
          to="/a/$domain/students/$studentId/documents"
          params={{ domain, studentId: String(document.student.id) }}
        >
          Documents of {fullName(document.student.name)}
        </Link>
      </nav>
      <DocumentBar
        domain={domain}
        document={document}
        draft={draft}
        missing={missing}
        wasTried={wasTried}
        step={step}
        onComplete={complete}
        onShowVersions={() => setShowsVersions(true)}
        onCopy={mayWrite && isComplete && !isDeleted ? () => copying.mutate() : undefined}
      />
      {step.error && <ProblemNotice title={failureTitles[step.variables]} error={step.error} />}
      {copying.error && <ProblemNotice title="Couldn’t copy the document" error={copying.error} />}
      {draft.state === 'failed' && draft.problem && (
        <ProblemNotice
          title="Not saved yet"
          error={draft.problem}
          onRetry={() => void draft.flush()}
        />
      )}
      <DocumentState domain={domain} document={document} />
      {draft.otherVersion && <Conflict draft={draft} theirs={draft.otherVersion} />}
      <DetailsChanges domain={domain} document={document} onFlush={draft.flush} />
      {document.mayChange ? (
        <DocumentSections
          document={document}
          draft={draft}
          marksRequired={wasTried && missing.length > 0}
        />
      ) : (
        <FormPaper form={document.form} fields={document.fields} />
      )}
      <DocumentHistory
        domain={domain}
        document={document}
        isOpen={showsVersions}
        onClose={() => setShowsVersions(false)}
      />
    </>
  );
}

/** Returns the required fields without a value, counting what is not saved yet. */
function listMissing({ form, fields, mayChange }: Document, { unsaved }: DocumentDraft) {
  if (!mayChange) return [];
  const held = new Map(fields.map(({ key, value }) => [key, value]));
  return listEmptyRequired(form, (key) =>
    Object.hasOwn(unsaved, key) ? unsaved[key] : held.get(key),
  );
}

/** The student, the owner and the due date, or who completed the document and when. */
function DocumentState({
  domain,
  document,
}: {
  readonly domain: string;
  readonly document: Document;
}) {
  const { timeZone } = useDistrict();
  const { student, completedAt, completedBy, deletedAt } = document;
  const facts = [
    student.studentNumber && `Student ID ${student.studentNumber}`,
    student.grade && gradeName(student.grade),
    student.schoolName,
  ];
  return (
    <>
      {deletedAt !== null && (
        <p className="document-notice">
          Deleted {formatInstant(deletedAt, timeZone)}. You can restore it for 90 days.
        </p>
      )}
      {deletedAt === null && completedAt !== null && (
        <p className="document-notice">
          Complete. No further edits. Completed by {completedBy ?? document.changedBy},{' '}
          <time dateTime={completedAt}>{formatInstant(completedAt, timeZone)}</time>.
        </p>
      )}
      <div className="document-info">
        <span>{facts.filter(Boolean).join(' · ')}</span>
        <span>Owner: {document.createdBy}</span>
        <DocumentDue domain={domain} document={document} />
      </div>
    </>
  );
}

function Conflict({ draft, theirs }: { readonly draft: DocumentDraft; readonly theirs: Document }) {
  const held = new Map(theirs.fields.map((field) => [field.key, field.value]));
  return (
    <section className="details-changes" role="alert">
      <h2>{theirs.changedBy} has changed this document in the meantime</h2>
      <ul>
        {fieldsOf(theirs.form)
          .filter(({ key }) => Object.hasOwn(draft.unsaved, key))
          .map((field) => (
            <li key={field.key}>
              <strong>{field.label}</strong>
              <dl>
                <div>
                  <dt>Yours</dt>
                  <dd>
                    <ValueText field={field} value={draft.unsaved[field.key] ?? null} />
                  </dd>
                </div>
                <div>
                  <dt>Theirs</dt>
                  <dd>
                    <ValueText field={field} value={held.get(field.key) ?? null} />
                  </dd>
                </div>
              </dl>
            </li>
          ))}
      </ul>
      <Group gap="sm">
        <Button onClick={() => draft.resolve('mine')}>Keep mine</Button>
        <Button variant="default" onClick={() => draft.resolve('theirs')}>
          Use theirs
        </Button>
      </Group>
    </section>
  );
}
