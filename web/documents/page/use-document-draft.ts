/** Autosave for a document: saves shortly after the last key, never over a newer version. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { type Document, documentsApi } from '../../../src/contract/documents/documents.ts';
import type { FieldValue } from '../../../src/contract/documents/form-template.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { documentKey, documentQuery } from '../document-queries.ts';

type Values = Readonly<Record<string, FieldValue>>;

export interface DocumentDraft {
  /** Unsaved values by field. */
  readonly unsaved: Values;
  readonly state: 'clean' | 'waiting' | 'saving' | 'saved' | 'failed' | 'conflict';
  readonly problem: Error | undefined;
  /** In a conflict, the version that another user saved. */
  readonly otherVersion: Document | undefined;
  readonly edit: (key: string, value: FieldValue) => void;
  /** Saves unsaved values now; returns the newest version, or undefined if saving failed. */
  readonly flush: (how?: { readonly isLeaving?: boolean }) => Promise<Document | undefined>;
  readonly resolve: (choice: 'mine' | 'theirs') => void;
}

/** Delay after the last key. */
const saveDelayMs = 800;

/** In characters, each of which may take three bytes. */
const maxBodyOnLeaving = 20_000;

export function useDocumentDraft(domain: string, document: Document): DocumentDraft {
  const queries = useQueryClient();
  const id = String(document.id);
  const [unsaved, setUnsaved] = useState<Values>({});
  const [state, setState] = useState<DocumentDraft['state']>('clean');
  const [problem, setProblem] = useState<Error>();
  const [otherVersion, setOtherVersion] = useState<Document>();
  // The latest state, for events between two renders.
  const now = useRef({ unsaved, known: document, timer: 0, isHeld: false, isPaused: false });
  const saving = useRef<Promise<Document | undefined>>(undefined);
  if (document.version > now.current.known.version) now.current.known = document;

  function keep(values: Values): void {
    now.current.unsaved = values;
    setUnsaved(values);
  }

  async function saveAll(isLeaving = false): Promise<Document | undefined> {
    const sent = now.current.unsaved;
    if (Object.keys(sent).length === 0) return now.current.known;
    setState('saving');
    try {
      const body = { version: now.current.known.version, values: sent };
      // Browsers reject keepalive requests of more than 64 kB.
      const outlivesPage = isLeaving && JSON.stringify(body).length < maxBodyOnLeaving;
      const saved = await callApi(
        documentsApi.saveDocument,
        { domain, params: { id }, body },
        undefined,
        {
          outlivesPage,
        },
      );
      now.current.known = saved;
      queries.setQueryData(documentQuery(domain, id).queryKey, saved);
      void queries.invalidateQueries({ queryKey: [...documentKey(domain, id), 'versions'] });
      const rest = Object.entries(now.current.unsaved).filter(
        ([key, value]) => sent[key] !== value,
      );
      keep(Object.fromEntries(rest));
      setProblem(undefined);
      setState(rest.length === 0 ? 'saved' : 'waiting');
      return rest.length === 0 ? saved : await saveAll();
    } catch (error) {
      await failed(error instanceof Error ? error : new Error('unknown', { cause: error }));
      return undefined;
    }
  }

  async function failed(error: Error): Promise<void> {
    const isConflict = error instanceof ApiError && error.code === 'conflict';
    setProblem(error);
    setState('failed');
    if (error instanceof ApiError && error.retryAfterSeconds !== undefined) {
      // The server asked to wait (Retry-After); typing must not send earlier.
      now.current.isPaused = true;
      now.current.timer = window.setTimeout(() => void flush(), error.retryAfterSeconds * 1000);
    }
    if (!isConflict) return;
    try {
      setOtherVersion(await callApi(documentsApi.getDocument, { domain, params: { id } }));
      now.current.isHeld = true;
      setState('conflict');
    } catch (fault) {
      setProblem(fault instanceof Error ? fault : error);
    }
  }

  async function flush({ isLeaving = false } = {}): Promise<Document | undefined> {
    clearTimeout(now.current.timer);
    now.current.isPaused = false;
    await saving.current;
    if (now.current.isHeld) return undefined;
    saving.current = saveAll(isLeaving);
    const saved = await saving.current;
    saving.current = undefined;
    return saved;
  }

  useEffect(() => {
    const { current } = now;
    const leave = () => void flush({ isLeaving: true });
    const hide = () => void (window.document.visibilityState === 'hidden' && flush());
    const retry = () => void flush();
    const ask = (event: BeforeUnloadEvent) => {
      if (Object.keys(current.unsaved).length === 0) return;
      leave();
      event.preventDefault();
    };
    addEventListener('pagehide', leave);
    addEventListener('beforeunload', ask);
    addEventListener('online', retry);
    window.document.addEventListener('visibilitychange', hide);
    return () => {
      removeEventListener('pagehide', leave);
      removeEventListener('beforeunload', ask);
      removeEventListener('online', retry);
      window.document.removeEventListener('visibilitychange', hide);
      void flush();
    };
    // The functions read the latest state from the ref.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);

  return {
    unsaved,
    state,
    problem,
    otherVersion,
    edit(key, value) {
      keep({ ...now.current.unsaved, [key]: value });
      if (now.current.isHeld || now.current.isPaused) return;
      setState('waiting');
      clearTimeout(now.current.timer);
      now.current.timer = window.setTimeout(() => void flush(), saveDelayMs);
    },
    flush,
    resolve(choice) {
      if (otherVersion === undefined) return;
      now.current.known = otherVersion;
      now.current.isHeld = false;
      queries.setQueryData(documentQuery(domain, id).queryKey, otherVersion);
      setOtherVersion(undefined);
      setProblem(undefined);
      if (choice === 'theirs') keep({});
      setState(choice === 'theirs' ? 'clean' : 'waiting');
      if (choice === 'mine') void flush();
    },
  };
}
