/** The sections of an incomplete document: copied values are read-only until a section is edited. */
import { Button, Paper } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

import type { Document } from '../../../src/contract/documents/documents.ts';
import {
  type FieldValue,
  type FormTemplate,
  isEmptyValue,
} from '../../../src/contract/documents/form-template.ts';
import { FieldInput } from './document-field-input.tsx';
import { ReadOnlyField, repeatsTitle, SectionHead } from '../form-paper.tsx';
import { type HeldField, isCopied, sharedSource, toHeldFields } from './section-fields.ts';
import type { DocumentDraft } from './use-document-draft.ts';

interface DocumentSectionsProps {
  readonly document: Document;
  readonly draft: DocumentDraft;
  /** Marks required fields without a value. */
  readonly marksRequired: boolean;
}

export function DocumentSections({ document, ...rest }: DocumentSectionsProps) {
  const held = new Map(document.fields.map((field) => [field.key, field]));
  return document.form.sections.map((section) => (
    <Section
      key={section.title}
      section={section}
      fields={toHeldFields(section.fields, held)}
      {...rest}
    />
  ));
}

interface SectionProps extends Omit<DocumentSectionsProps, 'document'> {
  readonly section: FormTemplate['sections'][number];
  readonly fields: readonly HeldField[];
}

function Section({ section, fields, draft, marksRequired }: SectionProps) {
  const [isEditing, setEditing] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  // The first copied field is the one that the user wants to change, or to continue from.
  useEffect(() => {
    if (isEditing) box.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }, [isEditing]);
  const shared = sharedSource(fields);
  const isUnsaved = ({ field: { key } }: HeldField) => Object.hasOwn(draft.unsaved, key);
  return (
    <Paper component="section" aria-label={section.title} withBorder className="document-section">
      <SectionHead section={section} source={shared}>
        {fields.some((one) => isCopied(one)) && (
          <Button
            variant="subtle"
            size="compact-sm"
            className="document-edit"
            aria-label={`${isEditing ? 'Finish editing' : 'Edit'} ${section.title}`}
            onClick={() => {
              if (isEditing) void draft.flush();
              setEditing(!isEditing);
            }}
          >
            {isEditing ? 'Done' : 'Edit'}
          </Button>
        )}
      </SectionHead>
      <div className="document-fields" ref={box}>
        {fields.map((one) => {
          const { field, held } = one;
          if (!isEditing && isCopied(one) && !isUnsaved(one)) {
            return <ReadOnlyField key={field.key} of={one} section={section} shared={shared} />;
          }
          const value: FieldValue = isUnsaved(one)
            ? (draft.unsaved[field.key] ?? null)
            : held.value;
          return (
            <FieldInput
              key={field.key}
              field={field}
              held={held}
              value={value}
              isUnsaved={isUnsaved(one)}
              isMarked={marksRequired && field.isRequired === true && isEmptyValue(value)}
              isLabelHidden={repeatsTitle(field, section)}
              shared={shared}
              onEdit={(next) => draft.edit(field.key, next)}
              onBlur={() => void draft.flush()}
            />
          );
        })}
      </div>
    </Paper>
  );
}
