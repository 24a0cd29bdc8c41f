/** Preview of a filled PDF form: the value of each field, and the PDF. */
import { Button, Group, Table } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import {
  type PdfFilling,
  type PdfForm,
  type PdfFormMapping,
  pdfFormsApi,
} from '../../../src/contract/documents/pdf-forms.ts';
import { apiAddress, callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { StudentPicker } from '../../students/student-picker.tsx';
import { formatFillingSummary } from './queries.ts';

interface PdfFormPreviewProps {
  readonly form: PdfForm;
  readonly mapping: readonly PdfFormMapping[];
  readonly isSaved: boolean;
  readonly isSaving: boolean;
  readonly onSave: () => void;
}

export function PdfFormPreview(props: PdfFormPreviewProps) {
  const { form, mapping, isSaved, isSaving, onSave } = props;
  const domain = useDomain();
  const [student, setStudent] = useState<number | null>(null);
  const id = String(form.id);
  const preview = useMutation({
    mutationFn: async () =>
      callApi(pdfFormsApi.previewPdfForm, {
        domain,
        params: { id },
        body: { mapping: [...mapping], studentId: student },
      }),
  });
  return (
    <section className="pdf-form-preview" aria-labelledby="pdf-form-preview-title">
      <h2 id="pdf-form-preview-title">Preview</h2>
      <StudentPicker label="Student" placeholder="None: use examples" onChoose={setStudent} />
      <Group gap="sm">
        <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate()}>
          Show values
        </Button>
        {isSaved ? (
          <Button
            component="a"
            variant="default"
            target="_blank"
            href={apiAddress(
              pdfFormsApi.printPdfFormPreview.path,
              { domain, id },
              student === null ? {} : { student: String(student) },
            )}
          >
            Open the filled PDF
          </Button>
        ) : (
          <Button variant="default" loading={isSaving} onClick={onSave}>
            Save to open the filled PDF
          </Button>
        )}
      </Group>
      {preview.error && <ProblemNotice title="Couldn’t show the preview" error={preview.error} />}
      {preview.data && <FillingTable fillings={preview.data.fillings} form={form} />}
    </section>
  );
}

function FillingTable({
  fillings,
  form,
}: {
  readonly fillings: readonly PdfFilling[];
  readonly form: PdfForm;
}) {
  const labels = new Map(form.fields.map(({ name, label }) => [name, label ?? name]));
  return (
    <>
      <output className="block">{formatFillingSummary(fillings)}</output>
      {fillings.length > 0 && (
        <Table className="plain-table">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Field</Table.Th>
              <Table.Th scope="col">Filled with</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fillings.map(({ field, value, note }) => (
              <Table.Tr key={field}>
                <Table.Td>{labels.get(field) ?? field}</Table.Td>
                <Table.Td>
                  <span className={value === null ? 'nothing' : 'pdf-form-value'}>
                    {value ?? 'Left empty'}
                  </span>
                  {note !== null && <span className="quiet block">{note}</span>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}
