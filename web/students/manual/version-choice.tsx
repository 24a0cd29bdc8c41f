/** Somebody else has saved in between: both versions side by side, and which one to go on with. */
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
      <p className="attention-title">Somebody else has changed this student since you opened it</p>
      <p>Nothing of yours was saved yet. These values differ:</p>
      <table className="version-table">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Yours</th>
            <th scope="col">Saved by now</th>
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
        <Button onClick={onMine}>Go on with mine</Button>
        <Button variant="default" onClick={onSaved}>
          Take what is saved
        </Button>
      </Group>
    </section>
  );
}
