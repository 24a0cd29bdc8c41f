/** The bar of a document, which stays in sight: its name, status, when it was saved, what is missing, and actions. */
import '@mantine/core/styles/Menu.css';

import { Alert, Button, Group, Menu } from '@mantine/core';
import { useState } from 'react';

import {
  type Document,
  type DocumentStep,
  documentsApi,
} from '../../../src/contract/documents/documents.ts';
import {
  emptyRequiredSentence,
  fieldsOf,
  type FormField,
} from '../../../src/contract/documents/form-template.ts';
import { apiAddress } from '../../api/api-client.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { formatMoment } from '../../shell/dates.ts';
import { ConfirmDialog } from '../../shell/dialog.tsx';
import { ChevronIcon } from '../../shell/icons.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { focusField } from './document-field-input.tsx';
import type { DocumentDraft } from './use-document-draft.ts';
import type { useDocumentStep } from './use-document-steps.ts';
import { documentName } from '../value-format.ts';

interface DocumentBarProps {
  readonly domain: string;
  readonly document: Document;
  readonly draft: DocumentDraft;
  /** Required fields without a value. */
  readonly missing: readonly FormField[];
  /** Whether the user tried to complete the document while fields were missing. */
  readonly wasTried: boolean;
  readonly step: ReturnType<typeof useDocumentStep>;
  readonly onComplete: () => void;
  readonly onShowVersions: () => void;
  /** Absent if the user may not copy it. */
  readonly onCopy: (() => void) | undefined;
}

export function DocumentBar(props: DocumentBarProps) {
  const { document, draft, missing, wasTried, step } = props;
  const { steps, deletedAt } = document;
  const isOpen = document.state === 'incomplete' && deletedAt === null;
  return (
    <div className="document-bar">
      <div className="document-bar-row">
        <div className="document-bar-name">
          <ScreenTitle name={documentName(document)}>{documentName(document)}</ScreenTitle>
          <div className="document-bar-state">
            <StateBadge document={document} />
            {isOpen && <SaveStatus document={document} draft={draft} />}
            {isOpen && <RequiredLeft document={document} missing={missing} />}
          </div>
        </div>
        <Group gap="xs" className="document-bar-actions">
          {steps.includes('complete') && (
            <Button
              size="sm"
              loading={step.isPending && step.variables === 'complete'}
              onClick={props.onComplete}
            >
              Complete
            </Button>
          )}
          {steps.includes('restore') && (
            <Button size="sm" loading={step.isPending} onClick={() => step.mutate('restore')}>
              Restore
            </Button>
          )}
          {deletedAt === null && <PrintButtons {...props} />}
          <ActionMenu {...props} />
        </Group>
      </div>
      {wasTried && missing.length > 0 && <MissingNotice missing={missing} />}
    </div>
  );
}

function StateBadge({ document: { state, deletedAt } }: { readonly document: Document }) {
  const shown = deletedAt === null ? state : 'deleted';
  return (
    <span className="document-state" data-state={shown}>
      {{ incomplete: 'Incomplete', complete: 'Complete', deleted: 'Deleted' }[shown]}
    </span>
  );
}

/** Screen readers announce it when it changes. */
function SaveStatus({ document, draft: { state } }: Pick<DocumentBarProps, 'document' | 'draft'>) {
  const { timeZone } = useDistrict();
  const saved = formatSaved(document.changedAt, timeZone);
  const labels = {
    clean: saved,
    waiting: 'Saving …',
    saving: 'Saving …',
    saved,
    failed: 'Not saved yet',
    conflict: 'Not saved',
  };
  return <output data-problem={state === 'failed' || undefined}>{labels[state]}</output>;
}

const formatSaved = (changedAt: string, timeZone: string): string =>
  `Saved ${formatMoment(changedAt, timeZone, new Date())}`;

/** `1 of 3 required fields left`, which leads to the next of them. */
function RequiredLeft({ document, missing }: Pick<DocumentBarProps, 'document' | 'missing'>) {
  const all = fieldsOf(document.form).filter(({ isRequired }) => isRequired === true).length;
  const [next] = missing;
  if (all === 0) return null;
  if (next === undefined) return <span>All required fields filled</span>;
  return (
    <button type="button" className="text-button" onClick={() => focusField(next.key)}>
      {missing.length} of {all} required {all === 1 ? 'field' : 'fields'} left
    </button>
  );
}

/** Why the document can't be completed; each field is a link. It goes when the fields are filled. */
function MissingNotice({ missing }: Pick<DocumentBarProps, 'missing'>) {
  const sentence = emptyRequiredSentence(missing.map(({ label }) => label));
  const [before = ''] = sentence.split(' (');
  return (
    <Alert color="red" variant="light" role="alert" className="document-missing">
      {before} (
      {missing.map(({ key, label }, index) => (
        <span key={key}>
          {index > 0 && ', '}
          <button type="button" className="text-button" onClick={() => focusField(key)}>
            {label}
          </button>
        </span>
      ))}
      ).
    </Alert>
  );
}

const printAddress = ({ domain, document }: DocumentBarProps, print?: 'yes') =>
  apiAddress(
    documentsApi.printDocument.path,
    { domain, id: String(document.id) },
    print && { print },
  );

const newTab = { target: '_blank', rel: 'noreferrer' } as const;

/** On a phone, these are in the menu. */
function PrintButtons(props: DocumentBarProps) {
  return (
    <>
      <Button
        component="a"
        variant="default"
        size="sm"
        visibleFrom="sm"
        href={printAddress(props)}
        {...newTab}
      >
        PDF
      </Button>
      <Button
        component="a"
        variant="default"
        size="sm"
        visibleFrom="sm"
        href={printAddress(props, 'yes')}
        {...newTab}
      >
        Print
      </Button>
    </>
  );
}

function ActionMenu(props: DocumentBarProps) {
  const { document, step, onShowVersions, onCopy } = props;
  const [asksToDelete, setAsksToDelete] = useState(false);
  // Its owner amends it, an administrator reopens it; for the user, both are one.
  const reopen = document.steps.find((one): one is DocumentStep =>
    ['amend', 'reopen'].includes(one),
  );
  const isDeleted = document.deletedAt !== null;
  return (
    <>
      <Menu
        position="bottom-end"
        width={220}
        withinPortal={false}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <Button variant="default" size="sm" rightSection={<ChevronIcon />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {!isDeleted && (
            <>
              <Menu.Item component="a" hiddenFrom="sm" href={printAddress(props)} {...newTab}>
                PDF
              </Menu.Item>
              <Menu.Item
                component="a"
                hiddenFrom="sm"
                href={printAddress(props, 'yes')}
                {...newTab}
              >
                Print
              </Menu.Item>
            </>
          )}
          {reopen && <Menu.Item onClick={() => step.mutate(reopen)}>Reopen</Menu.Item>}
          {onCopy && <Menu.Item onClick={onCopy}>Copy to a new document</Menu.Item>}
          <Menu.Item onClick={onShowVersions}>Version history</Menu.Item>
          {document.steps.includes('delete') && (
            <>
              <Menu.Divider />
              <Menu.Item c="var(--danger)" onClick={() => setAsksToDelete(true)}>
                Delete …
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        isOpen={asksToDelete}
        title={`Delete ${documentName(document)}?`}
        confirmLabel="Delete"
        isDestructive
        onConfirm={() => {
          setAsksToDelete(false);
          step.mutate('delete');
        }}
        onClose={() => setAsksToDelete(false)}
      >
        <p>
          {document.state === 'complete' && 'This document is complete. '}
          You can restore it for 90 days.
        </p>
      </ConfirmDialog>
    </>
  );
}
