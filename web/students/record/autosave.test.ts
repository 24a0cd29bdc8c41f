import { describe, expect, it } from 'vitest';

import type { StaffValue } from '../../../src/contract/students/staff-values.ts';
import { ApiError } from '../../api/api-client.ts';
import { createAutosave } from './autosave.ts';

const aValue = (value: string | null, version: number): StaffValue => ({
  field: 'notes',
  value,
  version,
  lastChange: null,
});

/** Creates an autosave with a simulated server and a timer that the test controls. */
function createAutosaveTest({ draft }: { readonly draft?: string } = {}) {
  let onServer = aValue('Old', 1);
  let trouble: Error | undefined;
  let timer: (() => void) | undefined;
  const sent: [string | null, number, boolean][] = [];
  const delays: number[] = [];
  const autosave = createAutosave({
    initial: onServer,
    draft,
    save: async (value, version, { isLeaving }) => {
      sent.push([value, version, isLeaving]);
      if (trouble !== undefined) throw trouble;
      if (version !== onServer.version) throw new ApiError('conflict', 'Another user saved first.');
      onServer = aValue(value, version + 1);
      return Promise.resolve(onServer);
    },
    reload: async () => Promise.resolve(onServer),
    schedule: (milliseconds, call) => {
      delays.push(milliseconds);
      timer = call;
      return () => {
        timer = undefined;
      };
    },
    onChange: () => undefined,
  });
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return {
    autosave,
    sent,
    delays,
    settle,
    state: () => autosave.snapshot().state,
    otherUserSaves: (text: string) => {
      onServer = aValue(text, onServer.version + 1);
    },
    onServer: () => onServer.value,
    breakDown: (error: Error | undefined) => {
      trouble = error;
    },
    timePasses: async () => {
      const call = timer;
      timer = undefined;
      call?.();
      await settle();
    },
  };
}

describe('typed text', () => {
  it('is saved once, shortly after the last key', async () => {
    const { autosave, sent, state, timePasses } = createAutosaveTest();
    autosave.edit('N');
    autosave.edit('New');
    expect([state(), sent]).toEqual(['waiting', []]);
    await timePasses();
    expect([state(), sent]).toEqual(['saved', [['New', 1, false]]]);
  });

  it('is not sent if it equals the saved value', async () => {
    const { autosave, sent, state, timePasses } = createAutosaveTest();
    autosave.edit('New');
    autosave.edit('Old');
    await timePasses();
    expect([state(), sent]).toEqual(['clean', []]);
  });

  it('is saved after the save in progress, never twice with the same version', async () => {
    const { autosave, sent, state, timePasses, settle } = createAutosaveTest();
    autosave.edit('A');
    const first = autosave.flush();
    autosave.edit('A b');
    await autosave.flush();
    await first;
    await settle();
    expect(state()).toBe('waiting');
    await timePasses();
    expect(sent).toEqual([
      ['A', 1, false],
      ['A b', 2, false],
    ]);
    expect(state()).toBe('saved');
  });

  it('is sent immediately when the user leaves the page', async () => {
    const { autosave, sent } = createAutosaveTest();
    autosave.edit('Last words');
    await autosave.flush({ isLeaving: true });
    expect(sent).toEqual([['Last words', 1, true]]);
  });

  it('is kept while the server is unreachable, and saved when it responds again', async () => {
    const { autosave, state, breakDown, timePasses, onServer } = createAutosaveTest();
    breakDown(new ApiError('unreachable', "The server can't be reached."));
    autosave.edit('New');
    await timePasses();
    expect([state(), autosave.snapshot().text]).toEqual(['failed', 'New']);
    breakDown(undefined);
    await timePasses();
    expect([state(), onServer()]).toEqual(['saved', 'New']);
  });

  it('waits as long as the server asks, even if the user keeps typing', async () => {
    const { autosave, sent, state, breakDown, timePasses, delays, onServer } = createAutosaveTest();
    breakDown(new ApiError('too-many-attempts', 'Too many requests.', { retryAfterSeconds: 40 }));
    autosave.edit('New');
    await timePasses();
    expect([state(), delays.at(-1)]).toEqual(['failed', 40_000]);
    const asked = delays.length;
    autosave.edit('Newer');
    autosave.edit('Newest');
    expect([state(), sent.length, delays.length]).toEqual(['failed', 1, asked]);
    breakDown(undefined);
    await timePasses();
    expect([state(), onServer()]).toEqual(['saved', 'Newest']);
    autosave.edit('As before');
    expect(delays.at(-1)).toBe(800);
  });

  it('is not retried automatically when the server rejects it', async () => {
    const { autosave, sent, state, breakDown, timePasses } = createAutosaveTest();
    breakDown(new ApiError('bad-request', 'Too long.'));
    autosave.edit('New');
    await timePasses();
    await timePasses();
    expect([state(), sent.length]).toEqual(['failed', 1]);
  });

  it('is restored from an unsaved draft', async () => {
    const { autosave, state, onServer } = createAutosaveTest({ draft: 'Draft' });
    expect([state(), autosave.snapshot().text]).toEqual(['waiting', 'Draft']);
    await autosave.flush();
    expect(onServer()).toBe('Draft');
  });
});

describe('when another user saved first', () => {
  async function conflict() {
    const played = createAutosaveTest();
    played.otherUserSaves('Theirs');
    played.autosave.edit('Mine');
    await played.timePasses();
    return played;
  }

  it('nothing is overwritten, and both versions are offered', async () => {
    const { autosave, sent, state, onServer, timePasses } = await conflict();
    autosave.edit('Mine, longer');
    await timePasses();
    await autosave.flush();
    const { text, otherVersion: theirs } = autosave.snapshot();
    expect([state(), text, theirs?.value]).toEqual(['conflict', 'Mine, longer', 'Theirs']);
    expect([onServer(), sent.length]).toEqual(['Theirs', 1]);
  });

  it.each([
    ['mine', 'Mine'],
    ['theirs', 'Theirs'],
    ['both', 'Theirs\n\nMine'],
  ] as const)('choosing %s saves %j', async (choice, text) => {
    const { autosave, onServer, settle } = await conflict();
    autosave.resolve(choice);
    await settle();
    expect([autosave.snapshot().text, onServer()]).toEqual([text, text]);
  });

  it('with the same text, there is no conflict', async () => {
    const { autosave, state, otherUserSaves, timePasses } = createAutosaveTest();
    otherUserSaves('Same');
    autosave.edit('Same');
    await timePasses();
    expect(state()).toBe('saved');
  });

  it('a reloaded value is accepted only while nothing is unsaved', () => {
    const { autosave } = createAutosaveTest();
    autosave.accept(aValue('Newer', 2));
    expect(autosave.snapshot().text).toBe('Newer');
    autosave.edit('Mine');
    autosave.accept(aValue('Newest', 3));
    expect(autosave.snapshot().text).toBe('Mine');
  });
});
