/** A select of the district's forms by group, with the description of the selected one. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useDomain } from '../districts/district-query.ts';
import { Select } from '../shell/fields/select.tsx';
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
  const groups = Map.groupBy(data?.forms ?? [], ({ group }) => group);
  const chosen = data?.forms.find(({ key }) => key === form);
  return (
    <>
      <div className="new-document-fields">
        <Select
          label={label}
          none="Choose a form"
          value={form}
          options={[...groups].map(([group, forms]) => ({
            group,
            items: forms.map(({ key, title }) => ({ value: key, label: title })),
          }))}
          onChange={onChoose}
        />
        {children}
      </div>
      {chosen !== undefined && <p className="quiet">{chosen.summary}</p>}
    </>
  );
}
