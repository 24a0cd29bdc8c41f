/** Autosave for a field of the record: unsaved text survives leaving the screen, and closing the page asks first. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { type StaffValue, staffValuesApi } from '../../../src/contract/students/staff-values.ts';
import { callApi } from '../../api/api-client.ts';
import { type Autosave, type AutosaveSnapshot, createAutosave, isUnsaved } from './autosave.ts';
import { recordKey, staffValuesQuery } from './record-queries.ts';

interface FieldInUse extends Autosave {
  readonly snapshotNow: AutosaveSnapshot;
}

/** Returns the autosave of a student's field; `value` is the server's last known value. */
export function useAutosave(domain: string, id: string, value: StaffValue): FieldInUse {
  const queries = useQueryClient();
  const [autosave] = useState(() => openField());
  const [snapshotNow, setSnapshot] = useState(() => autosave.snapshot());

  /** Drafts are in the query cache, so signing out removes them. */
  function openField(): Autosave {
    const draftKey = [...recordKey(domain, id), 'draft', value.field];
    queries.setQueryDefaults(draftKey, { gcTime: Infinity });
    const params = { id, field: value.field };
    return createAutosave({
      initial: value,
      draft: queries.getQueryData<string>(draftKey),
      save: async (text, version, { isLeaving }) =>
        callApi(
          staffValuesApi.saveStaffValue,
          { domain, params, body: { value: text, version } },
          undefined,
          {
            outlivesPage: isLeaving,
          },
        ),
      reload: async () => {
        const { values } = await callApi(staffValuesApi.getStaffValues, { domain, params: { id } });
        return values.find(({ field }) => field === value.field) ?? value;
      },
      schedule: (milliseconds, call) => {
        const timer = setTimeout(call, milliseconds);
        return () => clearTimeout(timer);
      },
      onChange: (snapshot) => {
        setSnapshot(snapshot);
        if (isUnsaved(snapshot.state)) {
          queries.setQueryData(draftKey, snapshot.text);
          return;
        }
        queries.removeQueries({ queryKey: draftKey, exact: true });
        cacheSaved(snapshot.saved);
      },
    });
  }

  function cacheSaved(saved: StaffValue): void {
    queries.setQueryData(staffValuesQuery(domain, id).queryKey, (known) =>
      known === undefined
        ? known
        : { values: known.values.map((one) => (one.field === saved.field ? saved : one)) },
    );
  }

  useEffect(() => autosave.accept(value), [autosave, value]);
  useEffect(() => {
    // Saves the draft of an earlier visit.
    void autosave.flush();
    const leave = () => void autosave.flush({ isLeaving: true });
    const hide = () => document.visibilityState === 'hidden' && void autosave.flush();
    const retry = () => void autosave.flush();
    const ask = (event: BeforeUnloadEvent) => {
      if (!isUnsaved(autosave.snapshot().state)) return;
      leave();
      event.preventDefault();
    };
    addEventListener('pagehide', leave);
    addEventListener('beforeunload', ask);
    addEventListener('online', retry);
    document.addEventListener('visibilitychange', hide);
    return () => {
      removeEventListener('pagehide', leave);
      removeEventListener('beforeunload', ask);
      removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', hide);
      void autosave.flush();
    };
  }, [autosave]);
  return { ...autosave, snapshotNow };
}
