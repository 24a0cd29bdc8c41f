/** A select of the district's forms by group, with the description of the selected one. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useDomain } from '../districts/district-query.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { formsQuery } from './document-queries.ts';

interface FormChoiceProps {
  readonly label: string;
  /** Key of the form; empty if none is selected. */
  readonly form: string;
  readonly onChoose: (form: string) => void;
  /** Shown next to the select. */
  readonly children?: ReactNode;
}

export function FormChoice({ label, form, onChoose, children }: FormChoiceProps) {
  const { data, error } = useQuery(formsQuery(useDomain()));
  if (error !== null) return <ProblemNotice title="The forms could not be loaded" error={error} />;
  const groups = [...new Set(data?.forms.map(({ group }) => group))];
  const chosen = data?.forms.find(({ key }) => key === form);
  return (
    <>
      <div className="new-document-fields">
        <NativeSelect
          label={label}
          value={form}
          onChange={({ currentTarget }) => onChoose(currentTarget.value)}
        >
          <option value="">Choose a form</option>
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {data?.forms
                .filter((one) => one.group === group)
                .map(({ key, title }) => (
                  <option key={key} value={key}>
                    {title}
                  </option>
                ))}
            </optgroup>
          ))}
        </NativeSelect>
        {children}
      </div>
      {chosen !== undefined && <p className="quiet">{chosen.summary}</p>}
    </>
  );
}
