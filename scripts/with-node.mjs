// Runs a file of ours on the pinned Node, after installing dependencies when they are missing or out of date.
//
// This is the one file that has to run on whatever Node the machine has (20 or newer): it uses
// nothing newer and imports nothing from npm. usage: node scripts/with-node.mjs FILE [ARGUMENTS …]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.installed-lockfile');
const windows = process.platform === 'win32';
const pinnedNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

const lockfile = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const isInstalled = () =>
  existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile;

/** Installs exactly what the lockfile says; says so only when there is something to do. */
function install() {
  process.stderr.write('Installing dependencies (once) …\n');
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it refuses a lockfile that leaves out another platform's optional binaries.
  // `--no-save` installs the lockfile's versions and leaves it as it is.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync(windows ? 'npm.cmd' : 'npm', args, {
        cwd: root,
        stdio: ['ignore', 2, 2],
        shell: windows,
      });
  if (done.status !== 0) {
    process.stderr.write(
      'Dependencies could not be installed: see the lines above. Check the network and the npm registry setting, then run the command again.\n',
    );
    process.exit(done.status ?? 1);
  }
  writeFileSync(stamp, lockfile);
}

if (!isInstalled()) install();

// A night makes much that is dropped at once. Node lets the space for that grow with the machine; half of its usual
// size keeps an import some 50 MB smaller. What has lived for longer is collected before it doubles, where Node would
// let it grow to four times as much: another 100 MB with two threads. Neither costs time that could be measured
// (bench/README.md).
const nodeOptions = ['--max-semi-space-size=16', '--heap-growing-percent=60'];

// The child gets the signals that a terminal or a supervisor sends us and decides itself when to end.
const child = spawn(pinnedNode, [...nodeOptions, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm ends its shell on a request to end, and the signal goes no further: losing our parent says the same.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
child.on('error', (error) => {
  process.stderr.write(`The pinned Node could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) =>
  process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)),
);
