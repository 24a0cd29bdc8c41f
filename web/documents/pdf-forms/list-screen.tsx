/** The list of the district's PDF forms: adding, removed ones, restoring. */
import './pdf-forms.css';
import '../documents.css';

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
import { FormTabs } from '../../forms/form-tabs.tsx';
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
      <FormTabs />
      <p className="quiet">
        Your own PDF forms. Choose once what fills each field; staff then fill them with a student’s
        Details on the student’s Documents tab.
      </p>
      <Group gap="sm" mt="md">
        <FileButton
          accept="application/pdf"
          onChange={(file) => file !== null && upload.mutate(file)}
          inputProps={{ 'aria-label': 'PDF file' }}
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
          Recently removed
        </button>
      </Group>
      {upload.error && <ProblemNotice title="Couldn’t add the PDF form" error={upload.error} />}
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
            ? 'You can restore removed PDF forms from here for 90 days.'
            : 'Add a PDF of up to 10 MB. It must have form fields and no password.'}
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
          advice: 'Reduce its size in a PDF program, then add it.',
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
    onSuccess: () => notify({ message: `Restored ${form.title}.` }),
    onError: () => notify({ message: `Couldn’t restore ${form.title}.`, tone: 'problem' }),
    onSettled: async () => queries.invalidateQueries({ queryKey: pdfFormsKey(domain) }),
  });
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={restore.isPending}
      aria-label={`Restore ${form.title}`}
      onClick={() => restore.mutate()}
    >
      Restore
    </Button>
  );
}
