/** A new document from the header's menu: choose form and student. */
import './documents.css';

import { Button } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { useDomain } from '../districts/district-query.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { StudentPicker } from '../students/student-picker.tsx';
import { FormChoice } from './form-choice.tsx';
import { useCreation } from './new-document.ts';

export function NewDocumentScreen() {
  const domain = useDomain();
  const query = useSearch({ from: '/signed-in/a/$domain/documents/new' });
  const [form, setForm] = useState(query.form ?? '');
  const [student, setStudent] = useState<number | null>(null);
  const creation = useCreation(domain);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form !== '' && student !== null) creation.mutate({ form, student });
  };
  return (
    <div className="screen">
      <ScreenTitle name="New document">New document</ScreenTitle>
      <form className="new-document" onSubmit={submit}>
        <FormChoice label="Form" form={form} onChoose={setForm} />
        <StudentPicker label="Student" placeholder="Name or number" onChoose={setStudent} />
        <Button
          type="submit"
          disabled={form === '' || student === null}
          loading={creation.isPending}
        >
          Create
        </Button>
        {creation.error && (
          <ProblemNotice title="Couldn’t create the document" error={creation.error} />
        )}
        <p className="quiet">To create for several students, select them on the Students page.</p>
      </form>
    </div>
  );
}
