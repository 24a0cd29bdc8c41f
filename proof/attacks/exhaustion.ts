/** One caller who takes what all need: connections, places, the processor, memory. */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { insertDistrict, insertRun } from '../../tests/builders/record-builder.ts';
import { each, type Family, type Tries } from './attack.ts';
import { startBystanders } from './bystanders.ts';
import { districtPath, password } from './callers.ts';
import { freshAddress, type Target } from './target.ts';

/** More than fits into the buffers between the server and a reader who does not read. */
const studentCount = 40_000;
const large = '/api/districts/large.example';

export const exhaustionFamily: Family = {
  name: 'exhaustion',
  isQuick: false,
  async attack(target, tries) {
    const cookies = await fillLargeDistrict(target);
    const unread = cookies.flatMap((cookie) =>
      ['students.csv', 'students.csv?sort=-name'].map((path) =>
        openUnread(target, `${large}/${path}`, cookie),
      ),
    );
    await attackMeanwhile(target, tries, 'ten exports that nobody reads', () => delay(6000));
    const audit = openUnread(target, `${large}/audit.csv`, cookies[0] ?? '');
    const dribbling = cookies
      .slice(0, 3)
      .map((cookie) => openDribbling(target, `${large}/students.csv`, cookie));
    await attackMeanwhile(target, tries, 'exports that are read byte by byte', () => delay(4000));
    await attackPrints(target, tries, cookies);
    await attackMeanwhile(target, tries, '200 invitations with made-up tokens', () =>
      flood(200, 50, (index) => acceptInvitation(target, index)),
    );
    await attackMeanwhile(target, tries, '150 sign-ins', () =>
      flood(150, 50, (index) => signIn(target, index)),
    );
    await attackMeanwhile(target, tries, '300 searches of one person', () =>
      flood(300, 40, (index) => search(target, index, cookies[0] ?? '')),
    );
    const stranger = await target.newPerson('read-only', 'b');
    await flood(150, 10, () =>
      target.ask(stranger, { path: `${districtPath('a')}/documents.csv`, from: freshAddress() }),
    );
    const own = await target.ask(await target.newPerson('staff', 'a'), {
      path: `${districtPath('a')}/documents.csv`,
    });
    tries.note(
      'an export after 150 of somebody of another district',
      own.status !== 200 && `answered ${own.status}`,
    );
    const halves = openHalves(target);
    await attackMeanwhile(target, tries, '600 requests that are never finished', () => delay(3000));
    for (const socket of halves) socket.destroy();
    // Long since: whoever takes nothing for half a minute is ended.
    const deadline = performance.now() + 40_000;
    while (unread.some(({ isOver }) => !isOver()) && performance.now() < deadline) await delay(250);
    const left = unread.filter(({ isOver }) => !isOver()).length;
    tries.note(
      'exports that nobody reads',
      left > 0 && `${left} go on after more than half a minute`,
    );
    for (const request of [...unread, ...dribbling, audit]) request.end();
  },
};

/** A district with many students and documents; the cookies of five of its read-only people. */
async function fillLargeDistrict(target: Target): Promise<string[]> {
  const { pool } = target.database;
  const districtId = await insertDistrict(target.database, {
    domain: 'large.example',
    name: 'Large District',
  });
  const run = await insertRun(target.database, districtId, { report: null });
  await pool.query('update districts set nights_paused = true where id = $1', [districtId]);
  await pool.query(
    `insert into students (district_id, skyward_id, student_number, first_name, last_name, grade, entity_id, school_name,
       homeroom, status, status_rule, first_run_id)
     select $1, n, n::text, 'First' || n % 50, 'Last' || n % 70, '07', 401, 'School',
       repeat('a long homeroom ', 12), 'ENROLLED', 'current-enrollment', $2
     from generate_series(1, ${studentCount}) n`,
    [districtId, run],
  );
  await pool.query('analyze students');
  const cookies: string[] = [];
  for (let index = 0; index < 5; index++)
    cookies.push(await target.newSession('read-only', districtId));
  const staff = await target.newSession('staff', districtId);
  const { rows } = await pool.query<{ id: number }>(
    'select id from students where district_id = $1 order by id limit 500',
    [districtId],
  );
  const listed = await target.ask(undefined, { path: `${large}/forms`, cookie: staff });
  const [form] = (JSON.parse(listed.text) as { forms: { key: string }[] }).forms;
  for (const part of [rows.slice(0, 250), rows.slice(250)])
    await target.ask(undefined, {
      method: 'POST',
      path: `${large}/documents`,
      cookie: staff,
      body: { form: form?.key, students: part.map(({ id }) => id) },
    });
  return cookies;
}

/** Others work while something is attacked. */
async function attackMeanwhile(
  target: Target,
  tries: Tries,
  what: string,
  attack: () => Promise<unknown>,
): Promise<void> {
  const others = startBystanders(target);
  await attack();
  await others.end(tries, what);
}

interface OpenRequest {
  /** Whether the server has ended it. */
  readonly isOver: () => boolean;
  end(): void;
}

const headOf = (path: string, cookie: string) =>
  `GET ${path} HTTP/1.1\r\nHost: iep.example\r\nX-Forwarded-For: ${freshAddress()}\r\nCookie: ${cookie}\r\n\r\n`;

function open(target: Target, text: string): Socket {
  const { hostname, port } = new URL(target.main.url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  return socket.on('error', () => undefined);
}

/** Asks and reads nothing of the answer. */
function openUnread(target: Target, path: string, cookie: string): OpenRequest {
  const socket = open(target, headOf(path, cookie));
  socket.pause();
  let isReset = false;
  socket.on('error', () => {
    isReset = true;
  });
  // A connection that the server gave up shows when something is written to it.
  const isOver = () => {
    if (socket.destroyed || isReset || socket.readyState !== 'open') return true;
    socket.write(' ');
    return false;
  };
  return { isOver, end: () => socket.destroy() };
}

/** Asks and takes a few bytes now and then. */
function openDribbling(target: Target, path: string, cookie: string): OpenRequest {
  const socket = open(target, headOf(path, cookie));
  const timer = setInterval(() => {
    socket.read(16);
  }, 200);
  socket.on('readable', () => undefined);
  return {
    isOver: () => socket.destroyed,
    end: () => {
      clearInterval(timer);
      socket.destroy();
    },
  };
}

const flood = async (count: number, atOnce: number, send: (index: number) => Promise<unknown>) =>
  each(
    Array.from({ length: count }, (_, index) => index),
    async (index) => {
      await send(index);
    },
    atOnce,
  );

const acceptInvitation = async (target: Target, index: number) =>
  target.ask(undefined, {
    method: 'POST',
    path: `/api/invitations/made-up-${index}`,
    from: freshAddress(),
    body: { name: 'x', password: 'long enough for this' },
  });

const signIn = async (target: Target, index: number) =>
  target.ask(undefined, {
    method: 'POST',
    path: '/api/session',
    from: freshAddress(),
    body: { email: `flood-${index}@a.example`, password },
  });

const search = async (target: Target, index: number, cookie: string) =>
  target.ask(undefined, {
    path: `${large}/students?search=${encodeURIComponent(`Lost${index} Frist`)}&pageSize=100`,
    cookie,
    from: freshAddress(),
  });

/** Heads and bodies that stop in the middle. */
const openHalves = (target: Target): Socket[] =>
  Array.from({ length: 600 }, (_, index) =>
    open(
      target,
      index % 2
        ? 'GET /healthz HTTP/1.1\r\nHost: iep.exa'
        : 'POST /api/session HTTP/1.1\r\nHost: iep.example\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"e',
    ),
  );

/** Two prints that nobody reads and twenty that wait, of one district, beside one of another. */
async function attackPrints(
  target: Target,
  tries: Tries,
  cookies: readonly string[],
): Promise<void> {
  const path = `${large}/documents.pdf`;
  const unread = cookies.slice(0, 2).map((cookie) => openUnread(target, path, cookie));
  await delay(500);
  let ended = 0;
  const waiting = Array.from({ length: 20 }, async (_, index) => {
    const answer = await target.ask(undefined, {
      path,
      cookie: cookies[index % cookies.length],
      from: freshAddress(),
    });
    if (answer.status === 200) ended += 1;
    return answer;
  });
  await delay(300);
  const caller = target.caller('staff of a');
  const document = target.records.a.document.one;
  const others = startBystanders(target);
  for (const print of ['documents.pdf', `documents/${document}/document.pdf`, 'documents.zip']) {
    const before = ended;
    const answer = await target.ask(caller, { path: `${districtPath('a')}/${print}` });
    const what = `${print} of another district beside 22 prints`;
    tries.note(what, answer.status !== 200 && `answered ${answer.status}`);
    tries.note(what, ended - before > 3 && `waits for ${ended - before} of them`);
  }
  await others.end(tries, 'prints that nobody reads');
  const answers = await Promise.all(waiting);
  const refused = answers.filter(({ status }) => status === 429);
  tries.note('20 prints of five people at once', refused.length === 0 && 'are all put in line');
  tries.note(
    'a print that is refused',
    refused.some(({ headers }) => headers['retry-after'] === undefined) && 'has no Retry-After',
  );
  for (const request of unread) request.end();
}
