/**
 * Fills one of the district's PDF forms for a student, and lists what stays empty and why.
 *
 * This folder has the screens of a district's own PDF forms.
 */
import './pdf-forms.css';

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { type PdfFilling, pdfFormsApi } from '../../../src/contract/documents/pdf-forms.ts';
import { apiAddress } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { Select } from '../../shell/fields/select.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { pdfFillingsQuery, pdfFormsQuery, formatFillingSummary } from './queries.ts';

/** Renders nothing if the district has no PDF forms. */
export function PdfFormFill({ studentId }: { readonly studentId: string }) {
  const domain = useDomain();
  const [form, setForm] = useState('');
  const { data, error } = useQuery(pdfFormsQuery(domain));
  const fillings = useQuery(pdfFillingsQuery(domain, studentId, form));
  if (error !== null) {
    return <ProblemNotice title="The PDF forms could not be loaded" error={error} />;
  }
  if (data === undefined || data.forms.length === 0) return null;
  return (
    <div className="new-document">
      <div className="new-document-fields">
        <Select
          label="Fill a PDF form"
          none="Choose a PDF form"
          value={form}
          options={data.forms.map(({ id, title }) => ({ value: String(id), label: title }))}
          onChange={setForm}
        />
        {form !== '' && fillings.data !== undefined && (
          <Button
            component="a"
            href={apiAddress(pdfFormsApi.fillPdfForm.path, { domain, id: studentId, form })}
            download
          >
            Download the filled PDF
          </Button>
        )}
      </div>
      {form !== '' && fillings.isPending && <output>Filling in …</output>}
      {form !== '' && fillings.error && (
        <ProblemNotice
          title="Couldn’t fill the PDF form"
          error={fillings.error}
          onRetry={() => void fillings.refetch()}
        />
      )}
      {form !== '' && fillings.data && <FillingSummary fillings={fillings.data.fillings} />}
    </div>
  );
}

function FillingSummary({ fillings }: { readonly fillings: readonly PdfFilling[] }) {
  const noted = fillings.filter(({ note }) => note !== null);
  return (
    <div className="pdf-form-summary">
      <output>
        {fillings.length === 0
          ? 'No field of this form is filled from Details yet. An administrator can set that up.'
          : formatFillingSummary(fillings)}
      </output>
      {noted.length > 0 && (
        <ul>
          {noted.map(({ field, note }) => (
            <li key={field}>
              {field}: {note}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
