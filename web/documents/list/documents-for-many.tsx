/** Creates a document of one form for each selected student, with progress and a summary. */
import '../documents.css';
import '@mantine/core/styles/Progress.css';

import { Button, Progress } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';

import { documentsApi } from '../../../src/contract/documents/documents.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { Dialog, DialogFooter } from '../../shell/dialog.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { DateField } from '../../shell/fields/date-field.tsx';
import { documentsKey } from '../document-queries.ts';
import { FormChoice } from '../form-choice.tsx';
import { newBatch } from './new-batch.ts';
import { countOf } from '../value-format.ts';
import {
  emptySummary,
  splitStudents,
  type CreationSummary,
  addResults,
} from '../page/document-summary.ts';

interface DocumentsForManyProps {
  readonly isOpen: boolean;
  /** Ids of the students. */
  readonly students: readonly number[];
  readonly onClose: () => void;
}

export function DocumentsForMany(props: DocumentsForManyProps) {
  return (
    <Dialog isOpen={props.isOpen} title="Create documents">
      <CreationForm {...props} />
    </Dialog>
  );
}

const number = new Intl.NumberFormat('en-US');
function CreationForm({ students, onClose }: DocumentsForManyProps) {
  const domain = useDomain();
  const [form, setForm] = useState('');
  const [dueOn, setDueOn] = useState('');
  const creation = useCreation(domain, { form, students, dueOn });
  const { summary } = creation;
  const isDone = summary.done === students.length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form !== '') creation.start();
  };
  return (
    <form className="dialog-form" onSubmit={submit}>
      {summary.done === 0 && !creation.isPending ? (
        <>
          <p>
            Creates a document for each of {countOf(students.length, 'student')}, pre-filled from
            their Details. Students who already have an incomplete document of this form keep it,
            unless the form allows several.
          </p>
          <FormChoice label="Form" form={form} onChoose={setForm} />
          <DateField
            label="Due date"
            description="Optional. The Documents page shows what is overdue."
            value={dueOn}
            onChange={setDueOn}
          />
        </>
      ) : (
        <Outcome summary={summary} total={students.length} batch={creation.batch} />
      )}
      {creation.error && (
        <ProblemNotice
          title={`Stopped after ${countOf(summary.done, 'student')}; these documents are kept`}
          error={creation.error}
        />
      )}
      <DialogFooter>
        {creation.isPending ? (
          <Button variant="default" onClick={creation.stop}>
            Stop
          </Button>
        ) : (
          <Button variant="default" onClick={onClose}>
            {summary.done === 0 ? 'Cancel' : 'Close'}
          </Button>
        )}
        {!isDone && (
          <Button type="submit" disabled={form === ''} loading={creation.isPending}>
            {summary.done === 0
              ? `Create for ${countOf(students.length, 'student')}`
              : `Continue with the other ${number.format(students.length - summary.done)}`}
          </Button>
        )}
      </DialogFooter>
    </form>
  );
}

interface OutcomeProps {
  readonly summary: CreationSummary;
  readonly total: number;
  readonly batch: string;
}

function Outcome({ summary, total, batch }: OutcomeProps) {
  const domain = useDomain();
  const { done: seen, created, alreadyExisting: thereAlready, notFound: gone } = summary;
  return (
    <>
      <Progress
        value={(seen / total) * 100}
        aria-label={`${number.format(seen)} of ${countOf(total, 'student')}`}
      />
      <output className="block">
        {countOf(created, 'document')} created
        {thereAlready > 0 && `, ${number.format(thereAlready)} already had an incomplete one`}
        {gone > 0 && `, ${countOf(gone, 'student')} not found`}. {number.format(seen)} of{' '}
        {number.format(total)} students done.
      </output>
      {seen === total && created > 0 && (
        <p>
          <Link to="/a/$domain/documents" params={{ domain }} search={{ batch }}>
            View and print these documents
          </Link>
        </p>
      )}
    </>
  );
}

interface CreationOptions {
  readonly form: string;
  readonly students: readonly number[];
  /** As in the date field; empty for none. */
  readonly dueOn: string;
}

/**
 * Sends one request after the other, so it can be stopped and the progress is exact. All requests are one batch: a
 * request whose response was lost is sent again and creates nothing twice.
 */
function useCreation(domain: string, { form, students, dueOn }: CreationOptions) {
  const queries = useQueryClient();
  const [batch] = useState(newBatch);
  const [summary, setSummary] = useState(emptySummary);
  const cancellation = useRef({ stop: false });
  // Leaving the page stops it.
  useEffect(() => {
    const { current } = cancellation;
    return () => void (current.stop = true);
  }, []);
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      cancellation.current.stop = false;
      let sum = summary;
      for (const part of splitStudents(students.slice(sum.done))) {
        if (cancellation.current.stop) return;
        const { results } = await callApi(documentsApi.createDocuments, {
          domain,
          body: { form, students: [...part], batch, ...(dueOn !== '' && { dueOn }) },
        });
        sum = addResults(sum, results);
        setSummary(sum);
      }
    },
    onSettled: async () => queries.invalidateQueries({ queryKey: documentsKey(domain) }),
  });
  return {
    batch,
    summary,
    isPending,
    error,
    start: () => mutate(),
    stop: () => void (cancellation.current.stop = true),
  };
}
