/** A form with its values, read-only: a complete document or a preview. */
import { Paper } from '@mantine/core';
import type { ReactNode } from 'react';

import type { DocumentField } from '../../src/contract/documents/documents.ts';
import {
  type FormField,
  type FormTemplate,
  isEmptyValue,
} from '../../src/contract/documents/form-template.ts';
import { type HeldField, ownSource, sharedSource, toHeldFields } from './page/section-fields.ts';
import { ValueText } from './page/value-text.tsx';

interface FormPaperProps {
  readonly form: Pick<FormTemplate, 'sections'>;
  readonly fields: readonly DocumentField[];
}

export function FormPaper({ form, fields }: FormPaperProps) {
  const held = new Map(fields.map((field) => [field.key, field]));
  return form.sections.map((section, index) => {
    const fieldsOfSection = toHeldFields(section.fields, held);
    const shared = sharedSource(fieldsOfSection);
    return (
      <Paper
        // Two sections may have the same title while a form is edited.
        // oxlint-disable-next-line react/no-array-index-key
        key={index}
        component="section"
        aria-label={section.title}
        withBorder
        className="document-section"
      >
        <SectionHead section={section} source={shared} />
        <div className="document-fields">
          {fieldsOfSection.map((one) => (
            <ReadOnlyField key={one.field.key} of={one} section={section} shared={shared} />
          ))}
        </div>
      </Paper>
    );
  });
}

type FormSection = FormTemplate['sections'][number];

interface SectionHeadProps {
  readonly section: FormSection;
  /** The source of its copied values, said once. */
  readonly source: string | undefined;
  /** A button. */
  readonly children?: ReactNode;
}

/** The heading and introduction of a section. */
export function SectionHead({ section, source, children }: SectionHeadProps) {
  return (
    <>
      <div className="document-section-head">
        <h2>{section.title}</h2>
        {source !== undefined && <span className="document-source">{source}</span>}
        {children}
      </div>
      {section.introduction?.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </>
  );
}

interface ReadOnlyFieldProps {
  readonly of: HeldField;
  readonly section: FormSection;
  /** The source that the section's heading names. */
  readonly shared: string | undefined;
}

/** A field without an input. */
export function ReadOnlyField({ of, section, shared }: ReadOnlyFieldProps) {
  const { field, held } = of;
  const { value, note } = held;
  const source = ownSource(of, shared);
  const isMissing = isEmptyValue(value) && note !== null;
  return (
    <div className="document-field" data-wide={isWide(field) || undefined} data-read-only>
      <p className={repeatsTitle(field, section) ? 'visually-hidden' : 'document-label'}>
        {field.label}
      </p>
      {isMissing ? (
        <span className="nothing">{note}</span>
      ) : (
        <ValueText field={field} value={value} />
      )}
      {source !== '' && !isMissing && <p className="document-source">{source}</p>}
    </div>
  );
}

/** Whether a table of people has the name of its section. */
export const repeatsTitle = (
  { kind, label }: FormField,
  { title }: Pick<FormSection, 'title'>,
): boolean => kind === 'people' && label === title;

/** Whether a field takes the whole width. */
export const isWide = (field: FormField): boolean =>
  field.kind === 'people' || (field.kind === 'text' && (field.lines ?? 1) > 1);
