// Finding a Python that can carry the extension's own environment.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { ServerProblem } from './errors.ts';
import type { Run } from './run.ts';

const OLDEST_PYTHON = [3, 11] as const;

/** Names and places to try, in this order. Editors started without a shell have a short PATH, hence the places. */
export function pythonCandidates(chosen: string, interpreter: string | null, platform: NodeJS.Platform): string[] {
  if (chosen) return [chosen];
  const names = platform === 'win32' ? ['python', 'py'] : ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
  const folders = platform === 'win32' ? [] : ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin', join(homedir(), '.local/bin'), join(homedir(), '.pyenv/shims')];
  return [...(interpreter ? [interpreter] : []), ...names, ...folders.map((folder) => join(folder, 'python3'))];
}

/** The first candidate that is new enough and can make environments. Raises ServerProblem. */
export async function findPython(run: Run, candidates: readonly string[], cwd: string): Promise<string> {
  const seen: string[] = [];
  for (const candidate of candidates) {
    const check = 'import sys, ensurepip, venv; print(*sys.version_info[:2]); print(sys.executable)';
    const outcome = await run(candidate, ['-I', '-c', check], { timeoutMs: 20_000, cwd });
    const [version = '', executable = ''] = outcome.stdout.split('\n');
    const [major = 0, minor = 0] = version.split(' ').map(Number);
    if (outcome.code === 0 && (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]))) return executable || candidate;
    if (/No module named '?(ensurepip|venv)'?/.test(outcome.stderr)) seen.push(`${candidate}: cannot make environments (on Debian and Ubuntu install python3-venv)`);
    else if (outcome.code === 0) seen.push(`${candidate}: Python ${major}.${minor} is too old`);
    else if (!outcome.stderr.includes('ENOENT')) seen.push(`${candidate}: ${outcome.stderr.trim().split('\n').at(-1)}`);
  }
  const why = seen.length > 0 ? `Found only ${seen[0]}.` : 'None was found.';
  throw new ServerProblem(
    `Stagewright needs Python 3.11 or newer. ${why} Install one, or choose where it is.`,
    ['python', 'retry', 'log'],
    seen.join('\n'),
  );
}
