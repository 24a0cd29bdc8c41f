/** The page of one document: its fields with their sources, changed student information, version history. */
import { Button, Group, Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import type { Document } from '../../src/contract/documents/documents.ts';
import { writingRoles } from '../../src/contract/endpoint.ts';
import { fieldsOf } from '../../src/contract/documents/form-template.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { LoadingRows } from '../shell/list-state.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { fullName } from '../students/person-name.ts';
import { DetailsChanges } from './details-changes.tsx';
import { DocumentDue } from './document-due.tsx';
import { FieldInput } from './document-field-input.tsx';
import { DocumentHistory } from './document-history.tsx';
import { documentQuery } from './document-queries.ts';
import { DocumentSteps } from './document-steps.tsx';
import { FormPaper } from './form-paper.tsx';
import { type DocumentDraft, useDocumentDraft } from './use-document-draft.ts';
import { ValueText } from './value-text.tsx';
import './documents.css';

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
  const { student } = document;
  return (
    <>
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link
          to="/a/$domain/students/$studentId/documents"
          params={{ domain, studentId: String(student.id) }}
        >
          {fullName(student.name)}
        </Link>
      </nav>
      <ScreenTitle name={document.title}>{document.title}</ScreenTitle>
      <p className="student-place">
        <StateText document={document} /> <SaveStatus draft={draft} />
      </p>
      <DocumentSteps
        domain={domain}
        document={document}
        mayWrite={mayWrite}
        onFlush={draft.flush}
      />
      <DocumentDue domain={domain} document={document} />
      {draft.state === 'failed' && draft.problem && (
        <ProblemNotice
          title="Not saved yet"
          error={draft.problem}
          onRetry={() => void draft.flush()}
        />
      )}
      {draft.otherVersion && <Conflict draft={draft} theirs={draft.otherVersion} />}
      <DetailsChanges domain={domain} document={document} onFlush={draft.flush} />
      <DocumentSections document={document} draft={draft} />
      <DocumentHistory domain={domain} document={document} />
    </>
  );
}

function StateText({ document }: { readonly document: Document }) {
  if (document.deletedAt !== null) return 'Deleted.';
  return document.state === 'complete' ? 'Complete. No further edits.' : 'Incomplete.';
}

/** Screen readers announce it when it changes. */
function SaveStatus({ draft: { state } }: { readonly draft: DocumentDraft }) {
  const labels = {
    clean: '',
    waiting: 'Saving …',
    saving: 'Saving …',
    saved: 'Saved.',
    failed: 'Not saved yet.',
    conflict: 'Not saved.',
  };
  return <output>{labels[state]}</output>;
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

function DocumentSections({
  document,
  draft,
}: {
  readonly document: Document;
  readonly draft: DocumentDraft;
}) {
  if (!document.mayChange) return <FormPaper form={document.form} fields={document.fields} />;
  const held = new Map(document.fields.map((field) => [field.key, field]));
  return document.form.sections.map((section) => (
    <Paper
      key={section.title}
      component="section"
      aria-label={section.title}
      withBorder
      className="document-section"
    >
      <h2>{section.title}</h2>
      {section.introduction?.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <div className="document-fields">
        {section.fields.map((field) => {
          const one = held.get(field.key) ?? {
            key: field.key,
            value: null,
            source: null,
            note: null,
          };
          const isUnsaved = Object.hasOwn(draft.unsaved, field.key);
          return (
            <FieldInput
              key={field.key}
              field={field}
              held={one}
              value={isUnsaved ? (draft.unsaved[field.key] ?? null) : one.value}
              isUnsaved={isUnsaved}
              onEdit={(value) => draft.edit(field.key, value)}
              onBlur={() => void draft.flush()}
            />
          );
        })}
      </div>
    </Paper>
  ));
}
