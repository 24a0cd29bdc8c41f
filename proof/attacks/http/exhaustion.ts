/** Attacks that exhaust connections, queue places, processor time or memory. */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { insertDistrict, insertRun } from '../../../tests/builders/record-builder.ts';
import { forEachConcurrent, type Family, type Attempts } from '../attack.ts';
import { startBystanders } from '../target/bystanders.ts';
import { districtPath, password } from '../target/callers.ts';
import { randomAddress, type Target } from '../target/target.ts';

/** Enough that an export does not fit into the buffers between the server and a client that does not read. */
const studentCount = 40_000;
const largePath = '/api/districts/large.example';

export const exhaustionFamily: Family = {
  name: 'exhaustion',
  isQuick: false,
  async attack(target, attempts) {
    const cookies = await fillLargeDistrict(target);
    const unreadRequests = cookies.flatMap((cookie) =>
      ['students.csv', 'students.csv?sort=-name'].map((path) =>
        openUnread(target, `${largePath}/${path}`, cookie),
      ),
    );
    await attackMeanwhile(target, attempts, 'ten unread exports', () => delay(6000));
    const audit = openUnread(target, `${largePath}/audit.csv`, cookies[0] ?? '');
    const dribbling = cookies
      .slice(0, 3)
      .map((cookie) => openDribbling(target, `${largePath}/students.csv`, cookie));
    await attackMeanwhile(target, attempts, 'exports that are read byte by byte', () =>
      delay(4000),
    );
    await attackPrints(target, attempts, cookies);
    await attackMeanwhile(target, attempts, '200 invitations with forged tokens', () =>
      flood(200, 50, (index) => acceptInvitation(target, index)),
    );
    await attackMeanwhile(target, attempts, '150 sign-ins', () =>
      flood(150, 50, (index) => signIn(target, index)),
    );
    await attackMeanwhile(target, attempts, '300 searches of one user', () =>
      flood(300, 40, (index) => search(target, index, cookies[0] ?? '')),
    );
    const foreignUser = await target.createUser('read-only', 'b');
    await flood(150, 10, () =>
      target.send(foreignUser, {
        path: `${districtPath('a')}/documents.csv`,
        clientAddress: randomAddress(),
      }),
    );
    const own = await target.send(await target.createUser('staff', 'a'), {
      path: `${districtPath('a')}/documents.csv`,
    });
    attempts.record(
      'an export after 150 by a user of another district',
      own.status !== 200 && `got ${own.status}`,
    );
    const unfinishedSockets = openUnfinished(target);
    await attackMeanwhile(target, attempts, '600 unfinished requests', () => delay(3000));
    for (const socket of unfinishedSockets) socket.destroy();
    // The server closes connections that read nothing for half a minute.
    const deadline = performance.now() + 40_000;
    while (unreadRequests.some(({ isOver }) => !isOver()) && performance.now() < deadline)
      await delay(250);
    const openCount = unreadRequests.filter(({ isOver }) => !isOver()).length;
    attempts.record(
      'unread exports',
      openCount > 0 && `${openCount} are open after more than half a minute`,
    );
    for (const request of [...unreadRequests, ...dribbling, audit]) request.end();
  },
};

/** Fills a district with many students and documents; returns the cookies of five read-only users. */
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
    cookies.push(await target.createSession('read-only', districtId));
  const staff = await target.createSession('staff', districtId);
  const { rows } = await pool.query<{ id: number }>(
    'select id from students where district_id = $1 order by id limit 500',
    [districtId],
  );
  const forms = await target.send(undefined, { path: `${largePath}/forms`, cookie: staff });
  const [form] = (JSON.parse(forms.text) as { forms: { key: string }[] }).forms;
  for (const part of [rows.slice(0, 250), rows.slice(250)])
    await target.send(undefined, {
      method: 'POST',
      path: `${largePath}/documents`,
      cookie: staff,
      body: { form: form?.key, students: part.map(({ id }) => id) },
    });
  return cookies;
}

/** Runs an attack while bystanders work. */
async function attackMeanwhile(
  target: Target,
  attempts: Attempts,
  what: string,
  attack: () => Promise<unknown>,
): Promise<void> {
  const others = startBystanders(target);
  await attack();
  await others.end(attempts, what);
}

interface OpenRequest {
  /** Returns whether the server has closed it. */
  readonly isOver: () => boolean;
  end(): void;
}

const createRequestHead = (path: string, cookie: string) =>
  `GET ${path} HTTP/1.1\r\nHost: iep.example\r\nX-Forwarded-For: ${randomAddress()}\r\nCookie: ${cookie}\r\n\r\n`;

function open(target: Target, text: string): Socket {
  const { hostname, port } = new URL(target.main.url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  return socket.on('error', () => undefined);
}

/** Sends a request and reads nothing of the response. */
function openUnread(target: Target, path: string, cookie: string): OpenRequest {
  const socket = open(target, createRequestHead(path, cookie));
  socket.pause();
  let isReset = false;
  socket.on('error', () => {
    isReset = true;
  });
  // Writing shows whether the server has closed the connection.
  const isOver = () => {
    if (socket.destroyed || isReset || socket.readyState !== 'open') return true;
    socket.write(' ');
    return false;
  };
  return { isOver, end: () => socket.destroy() };
}

/** Sends a request and reads a few bytes now and then. */
function openDribbling(target: Target, path: string, cookie: string): OpenRequest {
  const socket = open(target, createRequestHead(path, cookie));
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

const flood = async (
  count: number,
  concurrency: number,
  send: (index: number) => Promise<unknown>,
) =>
  forEachConcurrent(
    Array.from({ length: count }, (_, index) => index),
    async (index) => {
      await send(index);
    },
    concurrency,
  );

const acceptInvitation = async (target: Target, index: number) =>
  target.send(undefined, {
    method: 'POST',
    path: `/api/invitations/made-up-${index}`,
    clientAddress: randomAddress(),
    body: { name: 'x', password: 'long enough for this' },
  });

const signIn = async (target: Target, index: number) =>
  target.send(undefined, {
    method: 'POST',
    path: '/api/session',
    clientAddress: randomAddress(),
    body: { email: `flood-${index}@a.example`, password },
  });

const search = async (target: Target, index: number, cookie: string) =>
  target.send(undefined, {
    path: `${largePath}/students?search=${encodeURIComponent(`Lost${index} Frist`)}&pageSize=100`,
    cookie,
    clientAddress: randomAddress(),
  });

/** Opens requests that stop in the middle of the headers or the body. */
const openUnfinished = (target: Target): Socket[] =>
  Array.from({ length: 600 }, (_, index) =>
    open(
      target,
      index % 2
        ? 'GET /healthz HTTP/1.1\r\nHost: iep.exa'
        : 'POST /api/session HTTP/1.1\r\nHost: iep.example\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"e',
    ),
  );

/** Runs two unread prints and twenty queued ones of one district, and one of another district. */
async function attackPrints(
  target: Target,
  attempts: Attempts,
  cookies: readonly string[],
): Promise<void> {
  const path = `${largePath}/documents.pdf`;
  const unreadRequests = cookies.slice(0, 2).map((cookie) => openUnread(target, path, cookie));
  await delay(500);
  let completedCount = 0;
  const queuedPrints = Array.from({ length: 20 }, async (_, index) => {
    const response = await target.send(undefined, {
      path,
      cookie: cookies[index % cookies.length],
      clientAddress: randomAddress(),
    });
    if (response.status === 200) completedCount += 1;
    return response;
  });
  await delay(300);
  const caller = target.caller('staff of a');
  const document = target.records.a.document.one;
  const others = startBystanders(target);
  for (const print of ['documents.pdf', `documents/${document}/document.pdf`, 'documents.zip']) {
    const before = completedCount;
    const response = await target.send(caller, { path: `${districtPath('a')}/${print}` });
    const what = `${print} of another district during 22 prints`;
    attempts.record(what, response.status !== 200 && `got ${response.status}`);
    attempts.record(
      what,
      completedCount - before > 3 && `waits for ${completedCount - before} of them`,
    );
  }
  await others.end(attempts, 'unread prints');
  const responses = await Promise.all(queuedPrints);
  const rejected = responses.filter(({ status }) => status === 429);
  attempts.record('20 concurrent prints of five users', rejected.length === 0 && 'are all queued');
  attempts.record(
    'a rejected print',
    rejected.some(({ headers }) => headers['retry-after'] === undefined) && 'has no Retry-After',
  );
  for (const request of unreadRequests) request.end();
}
