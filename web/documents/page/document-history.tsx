/** The version history of a document, and each version's content. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { Document } from '../../../src/contract/documents/documents.ts';
import { fieldsOf } from '../../../src/contract/documents/form-template.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { formatInstant } from '../../shell/dates.ts';
import { Dialog, DialogFooter } from '../../shell/dialog.tsx';
import { LoadingRows } from '../../shell/list-state.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { versionQuery, versionsQuery } from '../document-queries.ts';
import { eventLabels, ValueText } from './value-text.tsx';

interface DocumentHistoryProps {
  readonly domain: string;
  readonly document: Document;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Loads the versions when it is opened. */
export function DocumentHistory({ isOpen, onClose, ...rest }: DocumentHistoryProps) {
  const [version, setVersion] = useState<number>();
  const close = () => {
    setVersion(undefined);
    onClose();
  };
  return (
    <Dialog
      isOpen={isOpen}
      title={version === undefined ? 'Version history' : `Version ${version}`}
      onClose={close}
    >
      <div key={version} ref={focus} tabIndex={-1} className="document-versions">
        {version === undefined ? (
          <Versions {...rest} onView={setVersion} />
        ) : (
          <OneVersion {...rest} version={version} />
        )}
      </div>
      <DialogFooter>
        {version !== undefined && (
          <Button variant="default" onClick={() => setVersion(undefined)}>
            All versions
          </Button>
        )}
        <Button variant="default" onClick={close}>
          Close
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

/** The button that was pressed is gone, so the focus moves to what it showed. */
const focus = (content: HTMLElement | null): void => content?.focus();

type OfDocument = Pick<DocumentHistoryProps, 'domain' | 'document'>;

function Versions({
  domain,
  document,
  onView,
}: OfDocument & { readonly onView: (version: number) => void }) {
  const { timeZone } = useDistrict();
  const { data, error } = useQuery(versionsQuery(domain, String(document.id)));
  if (error !== null) {
    return <ProblemNotice title="The version history could not be loaded" error={error} />;
  }
  if (data === undefined) return <LoadingRows label="Loading the version history" rows={4} />;
  return (
    <ol className="document-history">
      {data.versions.map(({ version, event, at, by }) => (
        <li key={version}>
          <span>
            <strong>{eventLabels[event]}</strong> by {by},{' '}
            <time dateTime={at}>{formatInstant(at, timeZone)}</time>
          </span>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`View version ${version}`}
            onClick={() => onView(version)}
          >
            View
          </Button>
        </li>
      ))}
    </ol>
  );
}

function OneVersion({ domain, document, version }: OfDocument & { readonly version: number }) {
  const { data, error } = useQuery(versionQuery(domain, String(document.id), version));
  if (error !== null)
    return <ProblemNotice title="The version could not be loaded" error={error} />;
  if (data === undefined) return <LoadingRows label="Loading the version" rows={6} />;
  return <DocumentFacts document={{ ...document, fields: data.fields }} />;
}

/** All fields, read-only. */
function DocumentFacts({ document }: { readonly document: Document }) {
  const held = new Map(document.fields.map((field) => [field.key, field.value]));
  return (
    <dl className="document-facts">
      {fieldsOf(document.form).map((field) => (
        <div key={field.key}>
          <dt>{field.label}</dt>
          <dd>
            <ValueText field={field} value={held.get(field.key) ?? null} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
