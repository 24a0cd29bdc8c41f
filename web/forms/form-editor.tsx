/** The form editor next to its preview: sections and fields, undo, save. */
import { Autocomplete, Button, Checkbox, Group, Textarea, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import { fieldsOf } from '../../src/contract/documents/form-template.ts';
import { type FormDraft, formsApi } from '../../src/contract/documents/forms.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { UnsavedChangesDialog } from '../shell/unsaved-changes-dialog.tsx';
import {
  pushChange,
  cleanDraft,
  draftProblems,
  createFormKey,
  type FormSection,
  createHistory,
  movedAt,
  removedAt,
  replacedAt,
  undoChange,
} from './form-draft.ts';
import { FormPreview } from './form-preview.tsx';
import { formsKey, formTemplatesQuery } from './form-queries.ts';
import { SectionEditor } from './section-editor.tsx';

interface FormEditorProps {
  readonly draft: FormDraft;
  /** The version being edited; 0 for a new form. */
  readonly seen: number;
  readonly onSaved: (key: string) => void;
}

export function FormEditor({ draft: first, seen, onSaved }: FormEditorProps) {
  const [history, setHistory] = useState(() => createHistory(first));
  const { draft } = history;
  const isChanged = history.before.length > 0;
  // A ref, because saving leaves the screen before the next render.
  const isSaved = useRef(false);
  const saving = useSaving(seen, (key) => {
    isSaved.current = true;
    onSaved(key);
  });
  const change = (next: FormDraft, place: string | null) =>
    setHistory((before) => pushChange(before, next, place));
  const undo = () => setHistory(undoChange);
  useHotkeys([['mod+Z', undo]]);
  const problems = draftProblems(draft);
  return (
    <>
      <Group gap="sm" className="form-buttons">
        <Button
          loading={saving.isPending}
          disabled={problems.length > 0 || (seen > 0 && !isChanged)}
          onClick={() => saving.mutate(draft)}
        >
          {seen === 0 ? 'Save the form' : `Save version ${seen + 1}`}
        </Button>
        <Button variant="default" disabled={!isChanged} onClick={undo}>
          Undo
        </Button>
        <span className="quiet">
          {seen > 0 && 'Existing documents keep their current version.'}
        </span>
      </Group>
      {saving.error && <ProblemNotice title="The form was not saved" error={saving.error} />}
      <div className="form-editor">
        <div className="form-parts">
          <FormHead draft={draft} onChange={change} />
          <Sections draft={draft} onChange={change} />
        </div>
        <FormPreview draft={draft} />
      </div>
      <UnsavedChangesDialog isUnsaved={() => isChanged && !isSaved.current}>
        Your changes to this form will be lost.
      </UnsavedChangesDialog>
    </>
  );
}

interface PartProps {
  readonly draft: FormDraft;
  readonly onChange: (draft: FormDraft, place: string | null) => void;
}

function FormHead({ draft, onChange }: PartProps) {
  const { data } = useQuery(formTemplatesQuery(useDomain()));
  const groups = [...new Set(data?.forms.map(({ group }) => group))];
  return (
    <div className="section-editor">
      <TextInput
        label="Title"
        value={draft.title}
        maxLength={120}
        onChange={({ currentTarget }) =>
          onChange({ ...draft, title: currentTarget.value }, 'title')
        }
      />
      <Autocomplete
        label="Special program"
        description="Forms of one program are grouped in the menu."
        value={draft.group}
        data={groups}
        maxLength={80}
        onChange={(group) => onChange({ ...draft, group }, 'group')}
      />
      <Textarea
        label="Description"
        autosize
        maxLength={300}
        value={draft.summary}
        onChange={({ currentTarget }) =>
          onChange({ ...draft, summary: currentTarget.value }, 'summary')
        }
      />
      <Checkbox
        label="Allow several incomplete documents per student"
        checked={draft.allowsSeveral}
        onChange={({ currentTarget }) =>
          onChange({ ...draft, allowsSeveral: currentTarget.checked }, null)
        }
      />
    </div>
  );
}

function Sections({ draft, onChange }: PartProps) {
  const keys = fieldsOf(draft).map(({ key }) => key);
  const withSections = (sections: FormSection[], place: string | null) =>
    onChange({ ...draft, sections }, place);
  return (
    <>
      {draft.sections.map((section, index) => (
        <SectionEditor
          // The position is the only stable key while editing.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          section={section}
          number={index + 1}
          keys={keys}
          onChange={(next, part) =>
            withSections(replacedAt(draft.sections, index, next), part && `${index} ${part}`)
          }
          onMove={(by) => withSections(movedAt(draft.sections, index, by), null)}
          onRemove={() => withSections(removedAt(draft.sections, index), null)}
        />
      ))}
      <div>
        <Button
          variant="default"
          disabled={draft.sections.length >= 30}
          onClick={() => withSections([...draft.sections, { title: '', fields: [] }], null)}
        >
          Add a section
        </Button>
      </div>
    </>
  );
}

function useSaving(seen: number, onSaved: FormEditorProps['onSaved']) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const { data } = useQuery(formTemplatesQuery(domain));
  return useMutation({
    mutationFn: async (draft: FormDraft) => {
      const taken = data?.forms.map(({ key }) => key) ?? [];
      const template = cleanDraft(draft);
      const isNew = seen === 0 && (template.key === 'new' || taken.includes(template.key));
      const key = isNew ? createFormKey(template.title, taken) : template.key;
      await callApi(formsApi.saveFormTemplate, {
        domain,
        params: { key },
        body: { seen, template: { ...template, key } },
      });
      return key;
    },
    onSuccess: async (key) => {
      notify({ message: 'Form saved. New documents use this version.' });
      await queries.invalidateQueries({ queryKey: formsKey(domain) });
      onSaved(key);
    },
  });
}
