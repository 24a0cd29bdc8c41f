/** Saved views: a user's own lists, and those shared in the district. */
import { Button, Checkbox, Popover, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { administers } from '../../../src/contract/endpoint.ts';
import {
  type SavedView,
  type SavedViewBody,
  savedViewsApi,
} from '../../../src/contract/students/saved-views.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { ChevronIcon } from '../../shell/icons.tsx';
import { useNotice } from '../../shell/notices.tsx';
import {
  isSameList,
  type StudentListSearch,
  parseListSearch,
  toSavedQuery,
} from './list-address.ts';
import { savedViewsQuery } from './list-queries.ts';

interface SavedViewsProps {
  readonly query: StudentListSearch;
  readonly onQueryChange: (next: StudentListSearch) => void;
}

/** What the dialog edits: a new view, or an existing one. */
type Edited = Pick<SavedViewBody, 'name' | 'isShared'> & { readonly view?: SavedView };

export function SavedViews({ query, onQueryChange }: SavedViewsProps) {
  const domain = useDomain();
  const { data } = useQuery(savedViewsQuery(domain));
  const { data: session } = useQuery(sessionQuery);
  const [isOpen, setOpen] = useState(false);
  const [edited, setEdited] = useState<Edited>();
  const mayShare = session ? administers(session.account.role) : false;
  const views = data?.views ?? [];
  const list = toSavedQuery(query);
  const current = views.find((view) => isSameList({ view: 'all', ...view.query }, list));
  const remove = useDelete(domain);
  const edit = (next: Edited) => {
    setOpen(false);
    setEdited(next);
  };
  return (
    <>
      <Popover
        position="bottom-end"
        shadow="md"
        width={300}
        portalProps={{ target: '#content' }}
        opened={isOpen}
        onChange={setOpen}
        trapFocus
      >
        <Popover.Target>
          <Button
            variant="default"
            size="sm"
            rightSection={<ChevronIcon />}
            onClick={() => setOpen((before) => !before)}
          >
            {current === undefined ? 'Saved views' : current.name}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Saved views">
          {views.length === 0 && (
            <p className="quiet views-none">
              Save search, filters, order and columns as a view; reopen them with one click.
            </p>
          )}
          <ul className="views">
            {views.map((view) => (
              <li key={view.id}>
                <button
                  type="button"
                  className="view-name"
                  aria-current={view === current}
                  onClick={() => {
                    setOpen(false);
                    onQueryChange(parseListSearch({ view: 'all', ...view.query }));
                  }}
                >
                  {view.name}
                  {view.isShared && <span className="quiet"> · shared</span>}
                </button>
                {(view.isOwn || (view.isShared && mayShare)) && (
                  <>
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      aria-label={`Rename ${view.name}`}
                      onClick={() => edit({ name: view.name, isShared: view.isShared, view })}
                    >
                      Rename
                    </Button>
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      aria-label={`Delete ${view.name}`}
                      onClick={() => {
                        setOpen(false);
                        remove.mutate(view);
                      }}
                    >
                      Delete
                    </Button>
                  </>
                )}
              </li>
            ))}
          </ul>
          <Button
            size="xs"
            variant="default"
            fullWidth
            onClick={() => edit({ name: '', isShared: false })}
          >
            Save this view
          </Button>
        </Popover.Dropdown>
      </Popover>
      {edited && (
        <ViewDialog
          domain={domain}
          edited={edited}
          list={edited.view?.query ?? list}
          mayShare={mayShare}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}

/** Deletes without a question; Undo creates the same view again. */
function useDelete(domain: string) {
  const queries = useQueryClient();
  const notify = useNotice();
  const refresh = () => queries.invalidateQueries(savedViewsQuery(domain));
  return useMutation({
    mutationFn: (view: SavedView) =>
      callApi(savedViewsApi.deleteSavedView, { domain, params: { id: `${view.id}` } }),
    onSuccess: ({ name, isShared, query: list }) =>
      notify({
        message: `Deleted the view ${name}.`,
        undo: async () => {
          await callApi(savedViewsApi.createSavedView, {
            domain,
            body: { name, isShared, query: list },
          });
          await refresh();
        },
      }),
    onError: (error) =>
      notify({
        message: error instanceof ApiError ? error.message : 'The view could not be deleted.',
        tone: 'problem',
      }),
    onSettled: refresh,
  });
}

interface ViewDialogProps {
  readonly domain: string;
  readonly edited: Edited;
  readonly list: SavedViewBody['query'];
  readonly mayShare: boolean;
  readonly onClose: () => void;
}

function ViewDialog({ domain, edited, list, mayShare, onClose }: ViewDialogProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(edited.name);
  const [isShared, setShared] = useState(edited.isShared);
  const { view } = edited;
  const save = useMutation({
    mutationFn: () => {
      const body = { name, isShared, query: list };
      return view === undefined
        ? callApi(savedViewsApi.createSavedView, { domain, body })
        : callApi(savedViewsApi.updateSavedView, { domain, params: { id: `${view.id}` }, body });
    },
    onSuccess: async () => {
      await queries.invalidateQueries(savedViewsQuery(domain));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') save.mutate();
  };
  return (
    <Dialog
      isOpen
      title={view === undefined ? 'Save this view' : 'Rename the view'}
      onClose={onClose}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            maxLength={80}
            required
            data-autofocus
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={save.error instanceof ApiError ? save.error.message : undefined}
          />
          {mayShare && (
            <Checkbox
              label="Share with everyone in the district"
              description="Users still see only the students of their own schools."
              checked={isShared}
              onChange={({ currentTarget }) => setShared(currentTarget.checked)}
            />
          )}
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
