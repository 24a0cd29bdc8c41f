/** One PDF form of the district: its fields, what each holds, a preview, removal. */
import './pdf-forms.css';

import { Alert, Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';

import {
  type PdfForm,
  type PdfFormMapping,
  savePdfForm,
  setPdfFormRemoved,
} from '../../src/contract/pdf-forms.ts';
import { ApiError, callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { LoadingRows } from '../shell/list-state.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { UnsavedChangesDialog } from '../shell/unsaved-changes-dialog.tsx';
import { PdfFormMappingList } from './pdf-form-mapping.tsx';
import { PdfFormPreview } from './pdf-form-preview.tsx';
import { pdfFormQuery, pdfFormsKey } from './pdf-form-queries.ts';

export function PdfFormScreen() {
  const { domain, formId } = useParams({ from: '/signed-in/a/$domain/pdf-forms/$formId' });
  const { data, error, refetch } = useQuery(pdfFormQuery(domain, formId));
  return (
    <div className="screen">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/pdf-forms" params={{ domain }}>
          PDF forms
        </Link>
      </nav>
      {data === undefined && error === null && <LoadingRows label="Loading the PDF form" />}
      {data === undefined && error !== null && (
        <>
          <ScreenTitle name="PDF form">PDF form</ScreenTitle>
          <ProblemNotice
            title="The PDF form could not be loaded"
            error={error}
            onRetry={() => void refetch()}
          />
        </>
      )}
      {data !== undefined && <OpenForm key={data.id} kept={data} />}
    </div>
  );
}

function OpenForm({ kept }: { readonly kept: PdfForm }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  // What is chosen stays while somebody else saves; `seen` is what it was chosen over.
  const [seen, setSeen] = useState(kept);
  const [title, setTitle] = useState(kept.title);
  const [mapping, setMapping] = useState<readonly PdfFormMapping[]>(kept.mapping);
  const isSaved = title.trim() === seen.title && isSameMapping(mapping, seen.mapping);
  const save = useMutation({
    mutationFn: async () =>
      callApi(savePdfForm, {
        domain,
        params: { id: String(kept.id) },
        body: { version: seen.version, title, mapping: [...mapping] },
      }),
    onSuccess: (form) => {
      setSeen(form);
      setTitle(form.title);
      setMapping(form.mapping);
      queries.setQueryData(pdfFormQuery(domain, String(form.id)).queryKey, form);
      notify({ message: `Saved ${form.title}. Staff fill it this way from now on.` });
    },
    onSettled: async () => queries.invalidateQueries({ queryKey: pdfFormsKey(domain) }),
  });
  const isConflict = save.error instanceof ApiError && save.error.code === 'conflict';
  const settle = (takesTheirs: boolean) => {
    setSeen(kept);
    if (takesTheirs) {
      setTitle(kept.title);
      setMapping(kept.mapping);
    }
    save.reset();
  };
  return (
    <>
      <ScreenTitle name={seen.title}>{seen.title}</ScreenTitle>
      <p className="quiet">
        {seen.fileName}, {seen.pages === 1 ? '1 page' : `${seen.pages} pages`},{' '}
        {seen.fieldCount === 1 ? '1 field' : `${seen.fieldCount} fields`}
      </p>
      {seen.removed.length > 0 && (
        <Alert variant="light" title="Taken out of the file" className="problem">
          <ul>
            {seen.removed.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Alert>
      )}
      {save.error && !isConflict && <ProblemNotice title="Not saved" error={save.error} />}
      {isConflict && kept.version > seen.version && (
        <Conflict mine={mapping} theirs={kept} onSettle={settle} />
      )}
      <div className="pdf-form-title">
        <TextInput
          label="Title"
          maxLength={200}
          value={title}
          onChange={({ currentTarget }) => setTitle(currentTarget.value)}
        />
        <Button
          loading={save.isPending}
          disabled={isSaved || title.trim() === ''}
          onClick={() => save.mutate()}
        >
          Save
        </Button>
        <RemoveButton form={seen} />
      </div>
      <h2>What each field holds</h2>
      <PdfFormMappingList fields={seen.fields} mapping={mapping} onChange={setMapping} />
      <PdfFormPreview
        form={seen}
        mapping={mapping}
        isSaved={isSaved}
        isSaving={save.isPending}
        onSave={() => save.mutate()}
      />
      <UnsavedChangesDialog isUnsaved={() => !isSaved}>
        What you have changed in this form is lost.
      </UnsavedChangesDialog>
    </>
  );
}

/** The same choices in whatever order. */
const isSameMapping = (a: readonly PdfFormMapping[], b: readonly PdfFormMapping[]): boolean =>
  textOf(a) === textOf(b);

const textOf = (mapping: readonly PdfFormMapping[]): string =>
  mapping
    .map(({ field, binding, format, when }) =>
      JSON.stringify([field, binding, format, when.map(({ option, text }) => [option, text])]),
    )
    .toSorted()
    .join('\n');

/** What the field of this name holds. */
const wordsOf = (mapping: readonly PdfFormMapping[], name: string) =>
  mapping
    .filter(({ field }) => field === name)
    .map(({ binding, format }) => `${binding} (${format})`)
    .join('') || 'nothing';

interface ConflictProps {
  readonly mine: readonly PdfFormMapping[];
  readonly theirs: PdfForm;
  readonly onSettle: (takesTheirs: boolean) => void;
}

function Conflict({ mine, theirs, onSettle }: ConflictProps) {
  const different = theirs.fields.filter(
    ({ name }) => wordsOf(mine, name) !== wordsOf(theirs.mapping, name),
  );
  return (
    <section className="details-changes" role="alert">
      <h2>{theirs.changedBy} has changed this form in the meantime</h2>
      <ul>
        {different.map(({ name, label }) => (
          <li key={name}>
            <strong>{label ?? name}</strong>: yours holds {wordsOf(mine, name)}, theirs{' '}
            {wordsOf(theirs.mapping, name)}
          </li>
        ))}
      </ul>
      <Group gap="sm">
        <Button onClick={() => onSettle(false)}>Keep mine, then save</Button>
        <Button variant="default" onClick={() => onSettle(true)}>
          Take theirs
        </Button>
      </Group>
    </section>
  );
}

function RemoveButton({ form }: { readonly form: PdfForm }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotice();
  const set = async (isRemoved: boolean) => {
    await callApi(setPdfFormRemoved, {
      domain,
      params: { id: String(form.id) },
      body: { isRemoved },
    });
    await queries.invalidateQueries({ queryKey: pdfFormsKey(domain) });
  };
  const remove = useMutation({
    mutationFn: async () => set(true),
    onSuccess: async () => {
      await navigate({ to: '/a/$domain/pdf-forms', params: { domain } });
      notify({
        message: `Removed ${form.title}. It can be brought back for 90 days.`,
        undo: async () => set(false),
      });
    },
    onError: () => notify({ message: `${form.title} was not removed.`, tone: 'problem' }),
  });
  return (
    <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
      Remove
    </Button>
  );
}
