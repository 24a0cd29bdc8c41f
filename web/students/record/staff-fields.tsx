/** Staff notes about a student: preferred gender, pronouns, notes; saved automatically. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';

import { writingRoles } from '../../../src/contract/endpoint.ts';
import {
  preferredGenders,
  staffValueLimits,
  type StaffValue,
} from '../../../src/contract/students/staff-values.ts';
import { staffFields } from '../../../src/roster/fields/staff.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { Select } from '../../shell/fields/select.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { useAutosave } from './use-autosave.ts';
import { staffValuesQuery } from './record-queries.ts';
import { Facts } from './record-section.tsx';
import { formatLastChange, SaveState } from './save-state.tsx';

interface StaffFieldsProps {
  readonly domain: string;
  readonly studentId: string;
}

/** Shows input fields to users who may write, and the values to others. */
export function StaffFields({ domain, studentId }: StaffFieldsProps) {
  const { data, error, refetch } = useQuery(staffValuesQuery(domain, studentId));
  const { data: session } = useQuery(sessionQuery);
  const { timeZone } = useDistrict();
  if (data === undefined) {
    return error === null ? (
      <p className="nothing">Loading …</p>
    ) : (
      <ProblemNotice
        title="The staff notes could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  const mayWrite = writingRoles.some((role) => role === session?.account.role);
  if (!mayWrite) {
    return (
      <Facts
        facts={data.values.map(({ field, value, lastChange }) => ({
          name: staffFields[field].label,
          value,
          missing: 'Not entered',
          change: lastChange === null ? undefined : formatLastChange(lastChange, timeZone),
        }))}
      />
    );
  }
  return (
    <div className="staff-fields">
      {data.values.map((value) => (
        <StaffValueField
          key={`${studentId} ${value.field}`}
          domain={domain}
          studentId={studentId}
          value={value}
        />
      ))}
      <p className="save-state">Saves automatically</p>
    </div>
  );
}

const commonPronouns = ['she/her', 'he/him', 'they/them'];

function StaffValueField({
  domain,
  studentId,
  value,
}: StaffFieldsProps & { readonly value: StaffValue }) {
  const { timeZone } = useDistrict();
  const { snapshotNow, edit, flush, resolve } = useAutosave(domain, studentId, value);
  const suggestions = useId();
  const state = useId();
  const { text } = snapshotNow;
  const { field } = value;
  const common = {
    label: staffFields[field].label,
    value: text,
    maxLength: staffValueLimits[field],
    onBlur: () => void flush(),
    'aria-describedby': state,
  };
  return (
    <div className="staff-field" data-field={field}>
      {field === 'preferred-gender' && (
        <Select
          {...common}
          none="Not set"
          options={preferredGenders.map((one) => ({ value: one, label: one }))}
          onChange={edit}
        />
      )}
      {field === 'pronouns' && (
        <>
          <TextInput
            {...common}
            list={suggestions}
            autoComplete="off"
            placeholder="For example they/them"
            onChange={(event) => edit(event.currentTarget.value)}
          />
          <datalist id={suggestions}>
            {commonPronouns.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </datalist>
        </>
      )}
      {field === 'notes' && (
        <Textarea
          {...common}
          autosize
          minRows={3}
          maxRows={16}
          onChange={(event) => edit(event.currentTarget.value)}
        />
      )}
      <p className="print-value">{text === '' ? 'Not set' : text}</p>
      <SaveState
        id={state}
        snapshot={snapshotNow}
        timeZone={timeZone}
        onRetry={() => void flush()}
      />
      {snapshotNow.state === 'conflict' && snapshotNow.otherVersion !== undefined && (
        <Conflict mine={text} theirs={snapshotNow.otherVersion}>
          <Button size="xs" onClick={() => resolve('mine')}>
            Keep mine
          </Button>
          <Button size="xs" variant="default" onClick={() => resolve('theirs')}>
            Keep theirs
          </Button>
          {field === 'notes' && (
            <Button size="xs" variant="default" onClick={() => resolve('both')}>
              Keep both
            </Button>
          )}
        </Conflict>
      )}
    </div>
  );
}

interface ConflictProps {
  readonly mine: string;
  readonly theirs: StaffValue;
  readonly children: ReactNode;
}

function Conflict({ mine, theirs, children }: ConflictProps) {
  return (
    <div className="conflict" role="alert">
      <p>
        <strong>{theirs.lastChange?.by ?? 'Another user'} has saved this in the meantime.</strong>{' '}
        Choose which version to keep.
      </p>
      <div className="versions">
        <div>
          <span className="quiet">Yours</span>
          <p className="version">{mine === '' ? 'Empty' : mine}</p>
        </div>
        <div>
          <span className="quiet">Theirs</span>
          <p className="version">{theirs.value ?? 'Empty'}</p>
        </div>
      </div>
      <div className="choices">{children}</div>
    </div>
  );
}
