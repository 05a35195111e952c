// Running a program and keeping what it printed.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Outcome {
  /** The exit code; `null` when the program could not be started, ran out of time or was stopped. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Called with each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

export type Run = (command: string, args: readonly string[], options: RunOptions) => Promise<Outcome>;

/** Runs a program without a shell. Never throws: what went wrong stands in `stderr`. */
export const run: Run = (command, args, options) =>
  new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: cleanEnvironment(process.env),
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      stdout += `${line}\n`;
      options.onLine?.(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => {
      if (timeout.aborted) stderr += `No answer within ${options.timeoutMs / 1000} s.`;
      else stderr += error.message;
      resolve({ code: null, stdout, stderr });
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

/** Waits for a program to end, `ms` at most. Whether it has. */
export async function hasEnded(child: ChildProcess, ms: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return true;
  return once(child, 'exit', { signal: AbortSignal.timeout(ms) }).then(
    () => true,
    () => false,
  );
}

/** What another Python was told must not reach this one: it would look for its modules in the wrong place. */
export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PYTHONHOME: _home, PYTHONPATH: _path, ...rest } = environment;
  return { ...rest, PYTHONUTF8: '1' };
}
