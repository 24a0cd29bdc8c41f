/** The page of one PDF form: what fills each field, a preview, removal. */
import './pdf-forms.css';

import { Alert, Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';

import {
  type PdfForm,
  type PdfFormMapping,
  pdfFormsApi,
} from '../../../src/contract/documents/pdf-forms.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { LoadingRows } from '../../shell/list-state.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { UnsavedChangesDialog } from '../../shell/unsaved-changes-dialog.tsx';
import { PdfFormMappingList } from './mapping.tsx';
import { PdfFormPreview } from './preview.tsx';
import { pdfFormQuery, pdfFormsKey } from './queries.ts';

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
      {data !== undefined && <OpenForm key={data.id} loaded={data} />}
    </div>
  );
}

function OpenForm({ loaded }: { readonly loaded: PdfForm }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  // Choices are kept while another user saves; `baseForm` is the version they were made on.
  const [baseForm, setBaseForm] = useState(loaded);
  const [title, setTitle] = useState(loaded.title);
  const [mapping, setMapping] = useState<readonly PdfFormMapping[]>(loaded.mapping);
  const isSaved = title.trim() === baseForm.title && isSameMapping(mapping, baseForm.mapping);
  const save = useMutation({
    mutationFn: async () =>
      callApi(pdfFormsApi.savePdfForm, {
        domain,
        params: { id: String(loaded.id) },
        body: { version: baseForm.version, title, mapping: [...mapping] },
      }),
    onSuccess: (form) => {
      setBaseForm(form);
      setTitle(form.title);
      setMapping(form.mapping);
      queries.setQueryData(pdfFormQuery(domain, String(form.id)).queryKey, form);
      notify({ message: `Saved ${form.title}.` });
    },
    onSettled: async () => queries.invalidateQueries({ queryKey: pdfFormsKey(domain) }),
  });
  const isConflict = save.error instanceof ApiError && save.error.code === 'conflict';
  const resolveConflict = (usesTheirs: boolean) => {
    setBaseForm(loaded);
    if (usesTheirs) {
      setTitle(loaded.title);
      setMapping(loaded.mapping);
    }
    save.reset();
  };
  return (
    <>
      <ScreenTitle name={baseForm.title}>{baseForm.title}</ScreenTitle>
      <p className="quiet">
        {baseForm.fileName}, {baseForm.pages === 1 ? '1 page' : `${baseForm.pages} pages`},{' '}
        {baseForm.fieldCount === 1 ? '1 field' : `${baseForm.fieldCount} fields`}
      </p>
      {baseForm.removedContent.length > 0 && (
        <Alert variant="light" title="Removed from the file" className="problem">
          <ul>
            {baseForm.removedContent.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Alert>
      )}
      {save.error && !isConflict && <ProblemNotice title="Not saved" error={save.error} />}
      {isConflict && loaded.version > baseForm.version && (
        <Conflict mine={mapping} theirs={loaded} onResolve={resolveConflict} />
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
        <RemoveButton form={baseForm} />
      </div>
      <h2>What fills each field</h2>
      <PdfFormMappingList fields={baseForm.fields} mapping={mapping} onChange={setMapping} />
      <PdfFormPreview
        form={baseForm}
        mapping={mapping}
        isSaved={isSaved}
        isSaving={save.isPending}
        onSave={() => save.mutate()}
      />
      <UnsavedChangesDialog isUnsaved={() => !isSaved}>
        Your changes to this form will be lost.
      </UnsavedChangesDialog>
    </>
  );
}

/** Whether both have the same choices in any order. */
const isSameMapping = (a: readonly PdfFormMapping[], b: readonly PdfFormMapping[]): boolean =>
  toComparable(a) === toComparable(b);

const toComparable = (mapping: readonly PdfFormMapping[]): string =>
  mapping
    .map(({ field, binding, format, when }) =>
      JSON.stringify([field, binding, format, when.map(({ option, text }) => [option, text])]),
    )
    .toSorted()
    .join('\n');

/** Formats what fills the field of this name. */
const formatMapping = (mapping: readonly PdfFormMapping[], name: string) =>
  mapping
    .filter(({ field }) => field === name)
    .map(({ binding, format }) => `${binding} (${format})`)
    .join('') || 'nothing';

interface ConflictProps {
  readonly mine: readonly PdfFormMapping[];
  readonly theirs: PdfForm;
  readonly onResolve: (usesTheirs: boolean) => void;
}

function Conflict({ mine, theirs, onResolve }: ConflictProps) {
  const different = theirs.fields.filter(
    ({ name }) => formatMapping(mine, name) !== formatMapping(theirs.mapping, name),
  );
  return (
    <section className="details-changes" role="alert">
      <h2>{theirs.changedBy} has changed this form in the meantime</h2>
      <ul>
        {different.map(({ name, label }) => (
          <li key={name}>
            <strong>{label ?? name}</strong>: yours is {formatMapping(mine, name)}, theirs{' '}
            {formatMapping(theirs.mapping, name)}
          </li>
        ))}
      </ul>
      <Group gap="sm">
        <Button onClick={() => onResolve(false)}>Keep mine, then save</Button>
        <Button variant="default" onClick={() => onResolve(true)}>
          Use theirs
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
    await callApi(pdfFormsApi.setPdfFormRemoved, {
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
        message: `Removed ${form.title}. You can restore it for 90 days.`,
        undo: async () => set(false),
      });
    },
    onError: () => notify({ message: `Couldn’t remove ${form.title}.`, tone: 'problem' }),
  });
  return (
    <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
      Remove
    </Button>
  );
}
