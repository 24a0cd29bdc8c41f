/** A new document from the menu of the header: the form, the student, and it opens filled in. */
import './documents.css';

import { Button } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { useDomain } from '../districts/district-query.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { StudentPicker } from '../students/student-picker.tsx';
import { FormChoice } from './form-choice.tsx';
import { useCreation } from './new-document.tsx';

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
        <StudentPicker
          label="Student"
          placeholder="A part of the name, or the number"
          onChoose={setStudent}
        />
        <Button
          type="submit"
          disabled={form === '' || student === null}
          loading={creation.isPending}
        >
          Create
        </Button>
        {creation.error && <ProblemNotice title="Not created" error={creation.error} />}
        <p className="quiet">For many students at once, choose them in the list of students.</p>
      </form>
    </div>
  );
}
