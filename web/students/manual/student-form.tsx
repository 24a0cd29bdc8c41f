/** The form of a manual student, for adding and editing. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';

import type { ManualStudentValues } from '../../../src/contract/students/manual-students.ts';
import { studentFields } from '../../../src/roster/fields/student.ts';
import { ApiError } from '../../api/api-client.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { DateField } from '../../shell/fields/date-field.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Select } from '../../shell/fields/select.tsx';
import { ContactFields } from './contact-fields.tsx';
import { GuardianFields } from './guardian-fields.tsx';
import { LikelyDuplicates } from './likely-duplicates.tsx';
import { NameFields } from './name-fields.tsx';
import { StatusFields } from './status-fields.tsx';
import {
  type DraftProblems,
  emptyName,
  readDraft,
  type StatusDraft,
  type StudentDraft,
} from './student-draft.ts';
import './manual.css';

interface StudentFormProps {
  readonly draft: StudentDraft;
  readonly onDraft: (draft: StudentDraft) => void;
  /** The student being edited; null for a new one. */
  readonly studentId: number | null;
  readonly saveLabel: string;
  readonly isSaving: boolean;
  readonly error: Error | null;
  readonly onSave: (values: ManualStudentValues) => void;
  /** Shown next to the save button. */
  readonly children?: ReactNode;
}

export function StudentForm(props: StudentFormProps) {
  const { draft, onDraft, studentId, error } = props;
  const { today } = useDistrict();
  const [problems, setProblems] = useState<DraftProblems>(new Map());
  const [rejected, setRejected] = useState<DraftProblems>();
  const form = useRef<HTMLFormElement>(null);
  // Focuses the first field with a problem, for keyboard and screen reader users.
  useEffect(() => {
    if (rejected === undefined) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [rejected]);
  const change = (part: Partial<StudentDraft>) => {
    onDraft({ ...draft, ...part });
    // After a failed save, problems are checked again on every key.
    if (problems.size > 0)
      setProblems(readDraft({ ...draft, ...part }, today).problems ?? new Map());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readDraft(draft, today);
    setProblems(read.problems ?? new Map());
    setRejected(read.problems);
    if (read.values !== undefined) props.onSave(read.values);
  };
  const shownProblems = withServerProblem(problems, error);
  const parts = { draft, problems: shownProblems, onChange: change };
  return (
    <form ref={form} onSubmit={submit} noValidate className="typed-form">
      <LikelyDuplicates draft={draft} exceptId={studentId} />
      <PersonFields {...parts} />
      <SchoolFields {...parts} />
      <Part title="Status">
        <StatusFields
          value={draft.status}
          today={today}
          problems={shownProblems}
          onChange={(part: Partial<StatusDraft>) =>
            change({ status: { ...draft.status, ...part } })
          }
        />
      </Part>
      <Part title="Contact of the student" isPlain>
        <ContactFields
          path=""
          of="the student"
          value={draft}
          problems={shownProblems}
          onChange={change}
        />
      </Part>
      <Part title="Parents and guardians" isPlain>
        <GuardianFields
          guardians={draft.guardians}
          problems={shownProblems}
          onChange={(guardians) => change({ guardians })}
        />
      </Part>
      {error && <ProblemNotice title="Not saved" error={error} />}
      {problems.size > 0 && (
        <p className="typed-problems" role="alert">
          {problems.size === 1 ? 'One field needs' : `${problems.size} fields need`} your attention
          before you can save.
        </p>
      )}
      <div className="typed-actions">
        <Button type="submit" loading={props.isSaving}>
          {props.saveLabel}
        </Button>
        {props.children}
      </div>
    </form>
  );
}

interface PartProps {
  readonly draft: StudentDraft;
  readonly problems: DraftProblems;
  readonly onChange: (part: Partial<StudentDraft>) => void;
}

function PersonFields({ draft, problems, onChange }: PartProps) {
  const text = (
    field: 'studentNumber' | 'stateId' | 'gender' | 'homeLanguage',
    label: string,
    description?: string,
  ) => (
    <TextInput
      label={label}
      {...(description !== undefined && { description })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete="off"
      value={draft[field] ?? ''}
      error={problems.get(field)}
      onChange={(event) => onChange({ [field]: event.currentTarget.value })}
    />
  );
  const { legalName } = draft;
  return (
    <Part title="Student">
      <NameFields
        path="name."
        value={draft.name}
        problems={problems}
        onChange={(part) => onChange({ name: { ...draft.name, ...part } })}
      />
      <Checkbox
        className="typed-wide"
        label="The legal name is different"
        checked={legalName !== null}
        onChange={(event) =>
          onChange({
            legalName: event.currentTarget.checked ? { ...emptyName, ...draft.name } : null,
          })
        }
      />
      {legalName !== null && (
        <fieldset className="typed-legal typed-wide">
          <legend>Legal name</legend>
          <div className="typed-fields">
            <NameFields
              path="legalName."
              value={legalName}
              problems={problems}
              onChange={(part) => onChange({ legalName: { ...legalName, ...part } })}
            />
          </div>
        </fieldset>
      )}
      <DateField
        label={studentFields.birthDate.label}
        withAsterisk
        aria-required
        value={draft.birthDate}
        error={problems.get('birthDate')}
        onChange={(birthDate) => onChange({ birthDate })}
      />
      {text('gender', studentFields.gender.label)}
      {text(
        'studentNumber',
        studentFields.studentNumber.label,
        'When a student with this number is in Skyward, the import updates this record.',
      )}
      {text('stateId', studentFields.stateId.label)}
      {text('homeLanguage', studentFields.homeLanguage.label)}
    </Part>
  );
}

const other = 'other';

function SchoolFields({ draft, problems, onChange }: PartProps) {
  const { schools } = useDistrict();
  const { school } = draft;
  const chosen = school === null ? '' : 'entityId' in school ? String(school.entityId) : other;
  return (
    <Part title="School">
      <Select
        label={studentFields.schoolName.label}
        none="None"
        options={[
          ...schools.map(({ entityId, name }) => ({ value: String(entityId), label: name })),
          { value: other, label: 'Another school …' },
        ]}
        value={chosen}
        error={chosen === other ? undefined : problems.get('school')}
        onChange={(value) => {
          if (value === '') onChange({ school: null });
          else onChange({ school: value === other ? { name: '' } : { entityId: Number(value) } });
        }}
      />
      {school !== null && 'name' in school && (
        <TextInput
          label="Name of the school"
          value={school.name ?? ''}
          error={problems.get('school') ?? problems.get('school.name')}
          onChange={(event) => onChange({ school: { name: event.currentTarget.value } })}
        />
      )}
      <TextInput
        label={studentFields.grade.label}
        placeholder="KG, 05, 12"
        value={draft.grade ?? ''}
        error={problems.get('grade')}
        onChange={(event) => onChange({ grade: event.currentTarget.value })}
      />
    </Part>
  );
}

interface FormPartProps {
  readonly title: string;
  /** Without columns, for content with its own layout. */
  readonly isPlain?: boolean;
  readonly children: ReactNode;
}

const Part = ({ title, isPlain, children }: FormPartProps) => (
  <fieldset className="typed-part">
    <legend>{title}</legend>
    {isPlain === true ? children : <div className="typed-fields">{children}</div>}
  </fieldset>
);

/** Adds the server's problem to the field it belongs to. */
function withServerProblem(problems: DraftProblems, error: Error | null): DraftProblems {
  if (!(error instanceof ApiError) || error.field === undefined) return problems;
  if (problems.has(error.field)) return problems;
  return new Map([...problems, [error.field, error.message]]);
}
