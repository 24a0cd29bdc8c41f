/** Preview of a new document of the form, for an invented student or one of the district. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import type { FormDraft } from '../../src/contract/documents/forms.ts';
import { useDomain } from '../districts/district-query.ts';
import { FormPaper } from '../documents/form-paper.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { StudentPicker } from '../students/student-picker.tsx';
import { cleanDraft, draftProblems } from './form-draft.ts';
import { previewQuery } from './form-queries.ts';

/** Long enough for the next key, short enough to seem immediate. */
const debounceMs = 250;

export function FormPreview({ draft }: { readonly draft: FormDraft }) {
  const domain = useDomain();
  const [student, setStudent] = useState<number | null>(null);
  const [settled] = useDebouncedValue(draft, debounceMs);
  const template = useMemo(() => cleanDraft(settled), [settled]);
  const missing = useMemo(() => draftProblems(settled), [settled]);
  const { data, error } = useQuery({
    ...previewQuery(domain, template, student),
    enabled: missing.length === 0,
  });
  const problems = missing.length > 0 ? missing : (data?.problems ?? []);
  return (
    <section className="form-preview" aria-label="Preview">
      <h2>Preview</h2>
      <StudentPicker
        label="Filled in for"
        placeholder="Example student; type a name or number for another"
        onChoose={setStudent}
      />
      {error && <ProblemNotice title="The preview could not be loaded" error={error} />}
      <output>
        {problems.length > 0 && (
          <ul className="form-problems">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
      </output>
      <p className="form-preview-title">{template.title}</p>
      <FormPaper form={template} fields={data?.fields ?? []} />
    </section>
  );
}
