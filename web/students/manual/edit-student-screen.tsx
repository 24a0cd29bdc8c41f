/** The form for editing a manual student. */
import { Button } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';

import {
  type ManualStudentValues,
  manualStudentsApi,
} from '../../../src/contract/students/manual-students.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { fullName } from '../person-name.ts';
import type { StudentDraft } from './student-draft.ts';
import { StudentForm } from './student-form.tsx';
import { VersionChoice } from './version-choice.tsx';

/** Never cached: the form must begin with the saved values. */
const manualStudentQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [domain, 'manual-student', id],
    queryFn: ({ signal }) =>
      callApi(manualStudentsApi.getManualStudent, { domain, params: { id } }, signal),
    staleTime: Infinity,
    gcTime: 0,
  });

export function ChangeStudentScreen() {
  const { domain, studentId } = useParams({
    from: '/signed-in/a/$domain/students/$studentId/change',
  });
  const { data, error, refetch } = useQuery(manualStudentQuery(domain, studentId));
  const name = data === undefined ? 'Student' : fullName(data.name);
  return (
    <div className="screen">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/students/$studentId" params={{ domain, studentId }}>
          {name}
        </Link>
      </nav>
      <ScreenTitle name={`Edit ${name}`}>Edit {name}</ScreenTitle>
      {data === undefined && error !== null && (
        <ProblemNotice
          title="The student could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data === undefined && error === null && <output>Loading …</output>}
      {data !== undefined && (
        <ChangeForm
          domain={domain}
          studentId={studentId}
          version={data.version}
          values={data.values}
        />
      )}
    </div>
  );
}

interface ChangeFormProps {
  readonly domain: string;
  readonly studentId: string;
  readonly version: string;
  readonly values: ManualStudentValues;
}

/** The version the form was opened with, and the newer one if another user has saved since. */
function ChangeForm({ domain, studentId, ...opened }: ChangeFormProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<StudentDraft>(opened.values);
  const [version, setVersion] = useState(opened.version);
  const [newer, setNewer] = useState<{ version: string; values: ManualStudentValues } | null>(null);
  const save = useMutation({
    mutationFn: (values: ManualStudentValues) =>
      callApi(manualStudentsApi.updateManualStudent, {
        domain,
        params: { id: studentId },
        body: { version, values },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [domain] });
      await navigate({ to: '/a/$domain/students/$studentId', params: { domain, studentId } });
    },
    onError: async (error) => {
      if (!(error instanceof ApiError) || error.code !== 'conflict') return;
      setNewer(
        await queries.fetchQuery({ ...manualStudentQuery(domain, studentId), staleTime: 0 }),
      );
    },
  });
  const choose = (values: StudentDraft | undefined) => {
    if (newer === null) return;
    setVersion(newer.version);
    if (values !== undefined) setDraft(values);
    setNewer(null);
    save.reset();
  };
  if (newer !== null) {
    return (
      <VersionChoice
        mine={draft}
        saved={newer.values}
        onMine={() => choose(undefined)}
        onSaved={() => choose(newer.values)}
      />
    );
  }
  return (
    <StudentForm
      draft={draft}
      onDraft={setDraft}
      studentId={Number(studentId)}
      saveLabel="Save changes"
      isSaving={save.isPending}
      error={save.error}
      onSave={save.mutate}
    >
      <Button
        variant="default"
        renderRoot={(root) => (
          <Link to="/a/$domain/students/$studentId" params={{ domain, studentId }} {...root} />
        )}
      >
        Cancel
      </Button>
    </StudentForm>
  );
}
