/** The form for adding a student who is not in Skyward. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import {
  type ManualStudentValues,
  manualStudentsApi,
} from '../../../src/contract/students/manual-students.ts';
import { callApi } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { emptyDraft } from './student-draft.ts';
import { StudentForm } from './student-form.tsx';

export function NewStudentScreen() {
  const domain = useDomain();
  const { today, schools } = useDistrict();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => {
    const [only, ...others] = schools;
    // A user of one school adds students there.
    const school = only === undefined || others.length > 0 ? null : { entityId: only.entityId };
    return emptyDraft(today, school);
  });
  const save = useMutation({
    mutationFn: (values: ManualStudentValues) =>
      callApi(manualStudentsApi.createManualStudent, { domain, body: values }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: [domain] });
      await navigate({
        to: '/a/$domain/students/$studentId',
        params: { domain, studentId: String(id) },
      });
    },
  });
  return (
    <div className="screen">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/students" params={{ domain }}>
          Students
        </Link>
      </nav>
      <ScreenTitle name="New student">New student</ScreenTitle>
      <p className="quiet">
        Add a student who is not in Skyward, or not yet. All other students are added by the nightly
        import.
      </p>
      <StudentForm
        draft={draft}
        onDraft={setDraft}
        studentId={null}
        saveLabel="Save student"
        isSaving={save.isPending}
        error={save.error}
        onSave={save.mutate}
      >
        <Button
          variant="default"
          renderRoot={(root) => <Link to="/a/$domain/students" params={{ domain }} {...root} />}
        >
          Cancel
        </Button>
      </StudentForm>
    </div>
  );
}
