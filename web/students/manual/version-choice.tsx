/** A save conflict with another user: shows both versions and asks which one to continue with. */
import { Button, Group } from '@mantine/core';

import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { findDifferences } from './draft-differences.ts';
import type { StudentDraft } from './student-draft.ts';

interface VersionChoiceProps {
  readonly mine: StudentDraft;
  readonly saved: StudentDraft;
  readonly onMine: () => void;
  readonly onSaved: () => void;
}

export function VersionChoice({ mine, saved, onMine, onSaved }: VersionChoiceProps) {
  return (
    <section className="attention" role="alert">
      <p className="attention-title">Another user has changed this student since you opened it</p>
      <p>Your changes are not saved yet. These values differ:</p>
      <table className="version-table">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Yours</th>
            <th scope="col">Saved</th>
          </tr>
        </thead>
        <tbody>
          {findDifferences(mine, saved, statusLabels).map(({ name, first, second }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{first}</td>
              <td>{second}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Group gap="sm" mt="md">
        <Button onClick={onMine}>Keep mine</Button>
        <Button variant="default" onClick={onSaved}>
          Use saved values
        </Button>
      </Group>
    </section>
  );
}
