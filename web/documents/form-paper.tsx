/** A form with its values, read-only: a complete document or a preview. */
import { Paper } from '@mantine/core';

import type { DocumentField } from '../../src/contract/documents/documents.ts';
import type { FormTemplate } from '../../src/contract/documents/form-template.ts';
import { sourceLabel, ValueText } from './value-text.tsx';

interface FormPaperProps {
  readonly form: Pick<FormTemplate, 'sections'>;
  readonly fields: readonly DocumentField[];
}

export function FormPaper({ form, fields }: FormPaperProps) {
  const held = new Map(fields.map((field) => [field.key, field]));
  return form.sections.map((section, index) => (
    <Paper
      // Two sections may have the same title while a form is edited.
      // oxlint-disable-next-line react/no-array-index-key
      key={index}
      component="section"
      aria-label={section.title}
      withBorder
      className="document-section"
    >
      <h2>{section.title}</h2>
      {section.introduction?.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <div className="document-fields">
        {section.fields.map((field) => {
          const one = held.get(field.key);
          return (
            <div className="document-field" key={field.key}>
              <p className="document-label">{field.label}</p>
              <ValueText field={field} value={one?.value ?? null} />
              <p className="document-source">
                {one === undefined || (one.value === null && one.note === null)
                  ? ''
                  : sourceLabel(one)}
              </p>
            </div>
          );
        })}
      </div>
    </Paper>
  ));
}
