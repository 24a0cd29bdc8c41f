/** The district's own PDF forms: all of them, a new one, those that were removed. */
import './pdf-forms.css';

import { Button, FileButton, Group, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import {
  maxPdfBytes,
  type PdfFormSummary,
  pdfFormsApi,
} from '../../../src/contract/documents/pdf-forms.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { formatInstant } from '../../shell/dates.ts';
import { EmptyState, LoadingRows } from '../../shell/list-state.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { pdfFormQuery, pdfFormsKey, pdfFormsQuery } from './queries.ts';

export function PdfFormsScreen() {
  const domain = useDomain();
  const [isRemoved, setIsRemoved] = useState(false);
  const { data, error, refetch } = useQuery(pdfFormsQuery(domain, isRemoved));
  const upload = useUpload(domain);
  return (
    <div className="screen">
      <ScreenTitle name="PDF forms">PDF forms</ScreenTitle>
      <p className="quiet">
        Your own forms with fields to fill in. Say once which field holds what, and staff fill them
        with a student’s Details on the student’s Documents tab.
      </p>
      <Group gap="sm" mt="md">
        <FileButton
          accept="application/pdf"
          onChange={(file) => file !== null && upload.mutate(file)}
          inputProps={{ 'aria-label': 'PDF of the form' }}
        >
          {(props) => (
            <Button {...props} loading={upload.isPending}>
              Add a PDF form
            </Button>
          )}
        </FileButton>
        <button
          type="button"
          className="filter"
          aria-pressed={isRemoved}
          onClick={() => setIsRemoved(!isRemoved)}
        >
          Removed within 90 days
        </button>
      </Group>
      {upload.error && <ProblemNotice title="Not added" error={upload.error} />}
      {data === undefined && error === null && <LoadingRows label="Loading the PDF forms" />}
      {data === undefined && error !== null && (
        <ProblemNotice
          title="The PDF forms could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data?.forms.length === 0 && (
        <EmptyState title={isRemoved ? 'No removed PDF forms' : 'No PDF forms yet'}>
          {isRemoved
            ? 'What is removed can be brought back from here for 90 days.'
            : 'Add one of up to 10 MB. It needs form fields, and no password.'}
        </EmptyState>
      )}
      {data !== undefined && data.forms.length > 0 && <FormTable forms={data.forms} />}
    </div>
  );
}

function useUpload(domain: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (file: File) => {
      if (file.size > maxPdfBytes) {
        throw new ApiError('body-too-large', 'This file is larger than 10 MB.', {
          advice: 'Save it smaller with a PDF program, then add it.',
        });
      }
      const body = new Uint8Array(await file.arrayBuffer());
      const fileName = file.name.slice(-200);
      return callApi(pdfFormsApi.uploadPdfForm, { domain, query: { fileName }, body });
    },
    onSuccess: async (form) => {
      const formId = String(form.id);
      queries.setQueryData(pdfFormQuery(domain, formId).queryKey, form);
      await queries.invalidateQueries({ queryKey: [...pdfFormsKey(domain), 'list'] });
      await navigate({ to: '/a/$domain/pdf-forms/$formId', params: { domain, formId } });
    },
  });
}

function FormTable({ forms }: { readonly forms: readonly PdfFormSummary[] }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  return (
    <Table className="plain-table pdf-form-table">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Form</Table.Th>
          <Table.Th scope="col">Filled from Details</Table.Th>
          <Table.Th scope="col" data-minor>
            Last change
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {forms.map((form) => (
          <Table.Tr key={form.id}>
            <Table.Td>
              {form.removedAt === null ? (
                <Link
                  to="/a/$domain/pdf-forms/$formId"
                  params={{ domain, formId: String(form.id) }}
                >
                  {form.title}
                </Link>
              ) : (
                <>
                  {form.title} <RestoreButton form={form} />
                </>
              )}
            </Table.Td>
            <Table.Td>
              {form.mappedCount} of {form.fieldCount} fields
            </Table.Td>
            <Table.Td data-minor>
              {formatInstant(form.changedAt, timeZone)} by {form.changedBy}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function RestoreButton({ form }: { readonly form: PdfFormSummary }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const restore = useMutation({
    mutationFn: async () =>
      callApi(pdfFormsApi.setPdfFormRemoved, {
        domain,
        params: { id: String(form.id) },
        body: { isRemoved: false },
      }),
    onSuccess: () => notify({ message: `Brought back ${form.title}.` }),
    onError: () => notify({ message: `${form.title} is still removed.`, tone: 'problem' }),
    onSettled: async () => queries.invalidateQueries({ queryKey: pdfFormsKey(domain) }),
  });
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={restore.isPending}
      aria-label={`Bring back ${form.title}`}
      onClick={() => restore.mutate()}
    >
      Bring back
    </Button>
  );
}
