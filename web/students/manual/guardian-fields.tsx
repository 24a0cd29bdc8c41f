/** The guardians in the form of a manual student. */
import { Button, Checkbox, TextInput } from '@mantine/core';

import { guardianFields } from '../../../src/roster/fields/guardian.ts';
import { ContactFields } from './contact-fields.tsx';
import { NameFields } from './name-fields.tsx';
import { type DraftProblems, emptyGuardian, type GuardianDraft } from './student-draft.ts';

interface GuardianFieldsProps {
  readonly guardians: readonly GuardianDraft[];
  readonly problems: DraftProblems;
  readonly onChange: (guardians: GuardianDraft[]) => void;
}

const rights = [
  'isCustodial',
  'livesWith',
  'isEmergencyContact',
  'allowsPickup',
  'hasRestrictedAccess',
] as const;

export function GuardianFields({ guardians, problems, onChange }: GuardianFieldsProps) {
  const change = (index: number, part: Partial<GuardianDraft>) =>
    onChange(guardians.map((one, place) => (place === index ? { ...one, ...part } : one)));
  return (
    <>
      {guardians.map((guardian, index) => {
        const path = `guardians.${index}.`;
        const number = `guardian ${index + 1}`;
        return (
          <fieldset className="typed-guardian" key={index}>
            <legend>Guardian {index + 1}</legend>
            <div className="typed-fields">
              <NameFields
                path={path}
                value={guardian}
                problems={problems}
                onChange={(part) => change(index, part)}
              />
              <TextInput
                label={guardianFields.relationship.label}
                placeholder="Mother, grandfather, …"
                value={guardian.relationship ?? ''}
                error={problems.get(`${path}relationship`)}
                onChange={(event) => change(index, { relationship: event.currentTarget.value })}
              />
              <TextInput
                label={guardianFields.language.label}
                value={guardian.language ?? ''}
                error={problems.get(`${path}language`)}
                onChange={(event) => change(index, { language: event.currentTarget.value })}
              />
            </div>
            <div className="typed-marks">
              {rights.map((right) => (
                <Checkbox
                  key={right}
                  label={guardianFields[right].label}
                  checked={guardian[right]}
                  onChange={(event) => change(index, { [right]: event.currentTarget.checked })}
                />
              ))}
            </div>
            <ContactFields
              path={path}
              of={number}
              value={guardian}
              problems={problems}
              onChange={(part) => change(index, part)}
            />
            <Button
              variant="subtle"
              color="red"
              size="xs"
              onClick={() => onChange(guardians.filter((_, place) => place !== index))}
            >
              Remove {number}
            </Button>
          </fieldset>
        );
      })}
      <Button
        variant="default"
        size="sm"
        disabled={guardians.length >= 10}
        onClick={() => onChange([...guardians, emptyGuardian])}
      >
        Add guardian
      </Button>
    </>
  );
}
