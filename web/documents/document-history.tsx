/** The version history of a document, and each version's content. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';

import type { Document } from '../../src/contract/documents/documents.ts';
import { fieldsOf } from '../../src/contract/documents/form-template.ts';
import { useDistrict } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { Dialog } from '../shell/dialog.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { versionQuery, versionsQuery } from './document-queries.ts';
import { eventLabels, ValueText } from './value-text.tsx';

interface DocumentHistoryProps {
  readonly domain: string;
  readonly document: Document;
}

export function DocumentHistory({ domain, document }: DocumentHistoryProps) {
  const titleId = useId();
  const { timeZone } = useDistrict();
  const [opened, setOpened] = useState<number>();
  const { data, error } = useQuery(versionsQuery(domain, String(document.id)));
  return (
    <section className="document-history" aria-labelledby={titleId}>
      <h2 id={titleId}>Version history</h2>
      {error !== null && (
        <ProblemNotice title="The version history could not be loaded" error={error} />
      )}
      <ol>
        {data?.versions.map(({ version, event, at, by }) => (
          <li key={version}>
            <span>
              <strong>{eventLabels[event]}</strong> by {by},{' '}
              <time dateTime={at}>{formatInstant(at, timeZone)}</time>
            </span>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`View version ${version}`}
              onClick={() => setOpened(version)}
            >
              View
            </Button>
          </li>
        ))}
      </ol>
      <Dialog
        isOpen={opened !== undefined}
        title={`Version ${opened ?? ''}`}
        onClose={() => setOpened(undefined)}
      >
        {opened !== undefined && (
          <OneVersion domain={domain} document={document} version={opened} />
        )}
        <Button variant="default" onClick={() => setOpened(undefined)}>
          Close
        </Button>
      </Dialog>
    </section>
  );
}

function OneVersion({
  domain,
  document,
  version,
}: DocumentHistoryProps & { readonly version: number }) {
  const { data, error } = useQuery(versionQuery(domain, String(document.id), version));
  if (error !== null)
    return <ProblemNotice title="The version could not be loaded" error={error} />;
  if (data === undefined) return <p className="nothing">Loading …</p>;
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
