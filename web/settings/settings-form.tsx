/** A form of some of the district's settings. They are saved together, with the version that the form was opened with. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';

import {
  type DistrictSettings,
  districtInformationApi,
} from '../../src/contract/districts/district-information.ts';
import { ErrorMessage } from '../accounts/entry-card.tsx';
import { ApiError, callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { SettingsConflict } from './settings-conflict.tsx';
import { invalidateInformation, isChanged, type SettingsChoice } from './settings-queries.ts';

const toChoice = ({
  domain: _domain,
  version: _version,
  ...choice
}: DistrictSettings): SettingsChoice => choice;

interface SettingsFormProps {
  readonly stored: DistrictSettings;
  readonly label: string;
  /** Shown after saving: when the change takes effect. */
  readonly savedMessage: string;
  readonly children: (
    form: SettingsChoice,
    change: (part: Partial<SettingsChoice>) => void,
  ) => ReactNode;
}

export function SettingsForm({ stored, label, savedMessage, children }: SettingsFormProps) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  // What the user typed is kept when another user saves; `seen` are the settings it is based on.
  const [seen, setSeen] = useState(stored);
  const [form, setForm] = useState<SettingsChoice>(toChoice(stored));
  const change = (part: Partial<SettingsChoice>) => setForm({ ...form, ...part });
  const save = useMutation({
    mutationFn: () =>
      callApi(districtInformationApi.changeDistrictSettings, {
        domain,
        body: { ...form, version: seen.version },
      }),
    onSuccess: (settings) => {
      setSeen(settings);
      setForm(toChoice(settings));
      notify({ message: savedMessage });
    },
    onSettled: async () => invalidateInformation(queries, domain),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isConflict = save.error instanceof ApiError && save.error.code === 'conflict';
  const hasChanges = (Object.keys(form) as (keyof SettingsChoice)[]).some((field) =>
    isChanged(field, form, seen),
  );
  return (
    <form onSubmit={submit} className="settings-form" aria-label={label}>
      {save.error && !isConflict && <ErrorMessage error={save.error} />}
      {isConflict && stored.version > seen.version && (
        <SettingsConflict
          stored={stored}
          typed={form}
          onTakeTheirs={() => {
            setSeen(stored);
            setForm(toChoice(stored));
            save.reset();
          }}
          onKeepMine={() => {
            setSeen(stored);
            save.reset();
          }}
        />
      )}
      {children(form, change)}
      <Button type="submit" loading={save.isPending} disabled={!hasChanges}>
        Save
      </Button>
    </form>
  );
}
