/** The form library: which forms staff can use, and creating, copying, importing and exporting forms. */
import '@mantine/core/styles/Switch.css';
import './forms.css';
import '../documents/documents.css';

import { Button, FileButton, Group, Switch, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { type FormDraft, type FormLine, formsApi } from '../../src/contract/documents/forms.ts';
import { ApiError, apiAddress, callApi } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { LoadingRows } from '../shell/list-state.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { emptyDraft, createFormKey, parseImportedForm } from './form-draft.ts';
import { FormEditor } from './form-editor.tsx';
import { FormTabs } from './form-tabs.tsx';
import { formsKey, formTemplatesQuery } from './form-queries.ts';

/** A new form, and the version of the district's form that it would replace. */
interface NewForm {
  readonly draft: FormDraft;
  readonly seen: number;
}

export function FormsScreen() {
  const domain = useDomain();
  const [newForm, setNewForm] = useState<NewForm>();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(formTemplatesQuery(domain));
  return (
    <div className="screen">
      <ScreenTitle name={newForm ? 'New form' : 'Form library'}>
        {newForm ? 'New form' : 'Form library'}
      </ScreenTitle>
      {newForm === undefined && <FormTabs />}
      {data === undefined && error === null && <LoadingRows label="Loading the forms" />}
      {data === undefined && error !== null && (
        <ProblemNotice
          title="The forms could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data !== undefined && newForm === undefined && (
        <>
          <NewFormButtons forms={data.forms} onStart={setNewForm} />
          <FormTable forms={data.forms} onStart={setNewForm} />
        </>
      )}
      {newForm !== undefined && (
        <FormEditor
          {...newForm}
          onSaved={(formKey) => {
            setNewForm(undefined);
            void navigate({ to: '/a/$domain/forms/$formKey', params: { domain, formKey } });
          }}
        />
      )}
    </div>
  );
}

interface NewFormButtonsProps {
  readonly forms: readonly FormLine[];
  readonly onStart: (newForm: NewForm) => void;
}

function NewFormButtons({ forms, onStart }: NewFormButtonsProps) {
  const [problem, setProblem] = useState<Error | null>(null);
  const notify = useNotice();
  const importFile = async (file: File | null) => {
    if (file === null) return;
    const draft =
      file.size > 1_000_000
        ? 'This file is too large to be a form.'
        : parseImportedForm(await file.text());
    if (typeof draft === 'string') {
      setProblem(
        new ApiError('unreadable', draft, {
          advice: 'Choose a file that was exported from a form library.',
        }),
      );
      return;
    }
    const same = forms.find(({ key }) => key === draft.key);
    if (same?.origin === 'district') {
      notify({
        message: `Saving replaces version ${same.version} of “${same.title}”.`,
      });
    }
    const isShipped = same?.origin === 'built-in';
    onStart({
      draft: isShipped ? { ...draft, key: 'new' } : draft,
      seen: same?.origin === 'district' ? same.version : 0,
    });
  };
  return (
    <>
      <Group gap="sm" className="form-buttons">
        <Button onClick={() => onStart({ draft: emptyDraft, seen: 0 })}>New form</Button>
        <FileButton accept="application/json,.json" onChange={(file) => void importFile(file)}>
          {(props) => (
            <Button {...props} variant="default">
              Import a form
            </Button>
          )}
        </FileButton>
      </Group>
      {problem && <ProblemNotice title="The form was not imported" error={problem} />}
    </>
  );
}

function FormTable({ forms, onStart }: NewFormButtonsProps) {
  return (
    <Table className="plain-table">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Form</Table.Th>
          <Table.Th scope="col">Available to staff</Table.Th>
          <Table.Th scope="col" data-minor>
            Version
          </Table.Th>
          <Table.Th scope="col">
            <span className="visually-hidden">Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {forms.map((form) => (
          <FormRow key={form.key} form={form} forms={forms} onStart={onStart} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function FormRow({ form, forms, onStart }: NewFormButtonsProps & { readonly form: FormLine }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const copying = useMutation({
    mutationFn: async () => {
      const { template } = await callApi(formsApi.getFormTemplate, {
        domain,
        params: { key: form.key },
      });
      const { version: _version, ...draft } = template;
      const taken = forms.map(({ key }) => key);
      onStart({ draft: { ...draft, key: createFormKey(`our ${draft.title}`, taken) }, seen: 0 });
    },
  });
  const params = { domain, key: form.key };
  return (
    <Table.Tr>
      <Table.Td>
        {form.origin === 'district' ? (
          <Link to="/a/$domain/forms/$formKey" params={{ domain, formKey: form.key }}>
            {form.title}
          </Link>
        ) : (
          form.title
        )}
        <span className="form-summary">
          {form.group} · {form.origin === 'district' ? 'Your own' : 'Built-in'}
        </span>
      </Table.Td>
      <Table.Td>
        <Offer form={form} />
      </Table.Td>
      <Table.Td data-minor>
        {form.version}
        {form.changedAt !== null && form.origin === 'district' && (
          <span className="form-summary">
            {formatInstant(form.changedAt, timeZone)} by {form.changedBy}
          </span>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end">
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`Copy ${form.title}`}
            loading={copying.isPending}
            onClick={() => copying.mutate()}
          >
            Copy
          </Button>
          <Button
            component="a"
            variant="subtle"
            size="compact-sm"
            aria-label={`Export ${form.title}`}
            href={apiAddress(formsApi.exportFormTemplate.path, params)}
            download
          >
            Export
          </Button>
        </Group>
        {copying.error && <ProblemNotice title="Couldn’t copy the form" error={copying.error} />}
      </Table.Td>
    </Table.Tr>
  );
}

function Offer({ form }: { readonly form: FormLine }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: async (isOffered: boolean) =>
      callApi(formsApi.offerForm, { domain, params: { key: form.key }, body: { isOffered } }),
    onSettled: async () => queries.invalidateQueries({ queryKey: formsKey(domain) }),
  });
  return (
    <>
      <Switch
        aria-label={`${form.title} is available to staff`}
        checked={isPending ? variables : form.isOffered}
        onChange={({ currentTarget }) => mutate(currentTarget.checked)}
      />
      {error && <ProblemNotice title="Couldn’t change the form" error={error} />}
    </>
  );
}
