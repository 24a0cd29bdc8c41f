/** Starts the processes of a benchmark: the sandbox, and each measured step on its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the sandbox prints once it is ready. */
export interface Skyward {
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  readonly entityId: number;
}

/** The sandbox Skyward in its own process, with cached responses. */
export interface SandboxProcess {
  readonly skyward: Skyward;
  /** Returns the processor time it has used; Linux only. */
  processorSeconds(): number;
  stop(): Promise<void>;
}

/** Starts the sandbox. It needs a large heap, since it caches every page of every list. */
export async function startSandboxProcess(
  students: number,
  today: string,
  delayMs = 0,
): Promise<SandboxProcess> {
  const script = new URL('../sandbox/main.ts', import.meta.url).pathname;
  const options = ['--port', '0', '--students', String(students), '--today', today];
  if (delayMs > 0) options.push('--delay-ms', String(delayMs));
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=12000', script, ...options, '--cache-responses'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = await firstLine(child);
  return {
    skyward: JSON.parse(line) as Skyward,
    processorSeconds: () => processorSeconds(child.pid ?? 0),
    stop: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Clock ticks per second in `/proc`. */
const ticks = 100;

function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name may contain spaces; after its parenthesis, fields 12 and 13 are user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The sandbox has no standard output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('The sandbox ended before it was ready');
}

/**
 * Runs a script of this folder in its own process, with its options on standard input, and returns the JSON that
 * it prints. It gets the Node flags of this process and `nodeOptions` (`--cpu-prof`).
 */
export async function runScript<Result>(
  name: string,
  options: object,
  nodeOptions: readonly string[],
): Promise<Result> {
  const script = new URL(name, import.meta.url).pathname;
  const child = spawn(process.execPath, [...process.execArgv, ...nodeOptions, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // On standard input, since every user of the machine can read arguments.
  child.stdin.end(JSON.stringify(options));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`A step of the benchmark failed (exit ${code}); see above`);
  return JSON.parse(text) as Result;
}

/**
 * Returns the highest resident memory of this process so far, in bytes. On Linux it reads VmHWM: `maxRSS` includes
 * the parent's memory, with which a process starts before exec.
 */
export function peakMemory(): number {
  try {
    const mark = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (mark !== undefined) return Number(mark) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
