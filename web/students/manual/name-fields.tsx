/** The four parts of a name. */
import { TextInput } from '@mantine/core';

import type { DraftProblems, StudentDraft } from './student-draft.ts';

type NameDraft = StudentDraft['name'];

interface NameFieldsProps {
  /** Prefix of the problem paths: `name.` */
  readonly path: string;
  readonly value: NameDraft;
  readonly problems: DraftProblems;
  readonly onChange: (change: Partial<NameDraft>) => void;
}

const parts = [
  ['first', 'First name', true],
  ['middle', 'Middle name', false],
  ['last', 'Last name', true],
  ['suffix', 'Suffix', false],
] as const;

export function NameFields({ path, value, problems, onChange }: NameFieldsProps) {
  return parts.map(([part, label, isRequired]) => (
    <TextInput
      key={part}
      label={label}
      withAsterisk={isRequired}
      aria-required={isRequired}
      autoComplete="off"
      value={value[part] ?? ''}
      error={problems.get(`${path}${part}`)}
      onChange={(event) => onChange({ [part]: event.currentTarget.value })}
    />
  ));
}
