// Which `stagewright` to start: the setting, else the selected interpreter's, else the extension's own environment.

import { existsSync } from 'node:fs';
import { ServerProblem, type Help } from './errors.ts';
import type { Run } from './run.ts';

/** The oldest server whose commands this extension understands. */
export const OLDEST_SERVER = '0.1.0';

export interface Server {
  readonly source: 'setting' | 'interpreter' | 'own';
  readonly command: string;
  /** What comes before `server --stdio`. */
  readonly args: readonly string[];
  readonly version: string;
}

export type Probe =
  | { readonly kind: 'usable'; readonly version: string }
  /** No such program, or it has no Stagewright. */
  | { readonly kind: 'absent'; readonly program: boolean }
  | { readonly kind: 'old'; readonly version: string }
  | { readonly kind: 'broken'; readonly detail: string };

/** No such program, no such module, or a Python before 3.11, which knows no `-P` and cannot have ours. */
const ABSENT = /No module named '?stagewright'?$|ENOENT|^Unknown option: -P$/m;

/** Asks a program for its version; `prefix` comes before `--version`. */
export async function probe(run: Run, command: string, prefix: readonly string[], cwd?: string): Promise<Probe> {
  const outcome = await run(command, [...prefix, '--version'], { timeoutMs: 20_000, ...(cwd ? { cwd } : {}) });
  const said = `${outcome.stderr}\n${outcome.stdout}`.trim();
  if (outcome.code !== 0) return ABSENT.test(said) ? { kind: 'absent', program: !said.includes('ENOENT') } : { kind: 'broken', detail: said || `exit code ${outcome.code}` };
  const version = versionIn(outcome.stdout);
  if (version === null) return { kind: 'broken', detail: `'--version' answered: ${said.slice(0, 200) || 'nothing'}` };
  return olderThan(version, OLDEST_SERVER) ? { kind: 'old', version } : { kind: 'usable', version };
}

/** The version in `stagewright 1.2.3`, or null when that is not what was said. */
export function versionIn(text: string): string | null {
  return /^stagewright\s+v?(\d+\.\d+\.\d+\S*)\s*$/m.exec(text)?.[1] ?? null;
}

/** Whether a version comes before another by its first three numbers. */
export function olderThan(version: string, other: string): boolean {
  const [a, b] = [version, other].map((v) => v.split(/[.+-]/, 3).map((n) => Number.parseInt(n, 10) || 0));
  for (let i = 0; i < 3; i++) if (a![i] !== b![i]) return (a![i] ?? 0) < (b![i] ?? 0);
  return false;
}

export interface Sources {
  /** The setting `stagewright.server.path`. */
  readonly path: string;
  /** The selected Python interpreter; null where none is selected or the workspace is not trusted. */
  readonly interpreter: string | null;
  /** The server that ran in this window before. */
  readonly before: Server | null;
  /** A folder that holds no code: the working folder of a probe. */
  readonly cwd: string;
  readonly run: Run;
  /** Makes the extension's own environment, or finds it made. */
  readonly own: () => Promise<Server>;
  /** Told when a server was found and passed over. */
  readonly note: (message: string) => void;
}

/** -P: a `stagewright.py` in the working folder must not be what is started. */
const AS_MODULE = ['-P', '-m', 'stagewright'] as const;

/**
 * Finds a server. A path in the settings is taken at its word: when it cannot be used, that is the problem to tell, not
 * a reason to start something else. Raises ServerProblem.
 */
export async function findServer(sources: Sources): Promise<Server> {
  const { path, interpreter, before, run, cwd } = sources;
  if (path) {
    const found = await probe(run, path, [], cwd);
    if (found.kind === 'usable') return { source: 'setting', command: path, args: [], version: found.version };
    throw pathProblem(path, found);
  }
  if (interpreter) {
    const found = await probe(run, interpreter, AS_MODULE, cwd);
    if (found.kind === 'usable') return { source: 'interpreter', command: interpreter, args: AS_MODULE, version: found.version };
    if (found.kind === 'old')
      sources.note(`The selected Python has Stagewright ${found.version}, but this extension needs ${OLDEST_SERVER} or newer. The extension uses its own.`);
    else if (found.kind === 'broken')
      sources.note(`The Stagewright of the selected Python does not start. The extension uses its own. (${firstLine(found.detail)})`);
  }
  if (before?.source === 'interpreter') {
    const found = await probe(run, before.command, AS_MODULE, cwd);
    if (found.kind === 'absent')
      sources.note(`${found.program ? 'Stagewright is no longer in the Python that ran it' : 'The Python that ran Stagewright is no longer there'}: ${before.command}. Select another that has it; until then the extension uses its own.`);
  }
  return sources.own();
}

/**
 * Whether another server than `current` would be found now that another interpreter is selected; null where none runs.
 * A server that stays the same is worth no restart, which would break off the answers that are under way.
 */
export async function leadsElsewhere(current: Server | null, { path, interpreter, run, cwd }: Omit<Sources, 'before' | 'own' | 'note'>): Promise<boolean> {
  if (path) return false;
  if (current?.source !== 'own') return current?.command !== interpreter;
  return interpreter !== null && (await probe(run, interpreter, AS_MODULE, cwd)).kind === 'usable';
}

function pathProblem(path: string, found: Exclude<Probe, { kind: 'usable' }>): ServerProblem {
  const help: Help[] = ['settings', 'own', 'log'];
  const where = `The setting 'stagewright.server.path' names ${path}`;
  // The first line of a script names the Python of its environment.
  if (found.kind === 'absent' && (found.program || existsSync(path)))
    return new ServerProblem(`${where}, whose Python ${found.program ? 'has no Stagewright' : 'is not there'}. Make its environment anew and retry, or clear the setting.`, ['retry', ...help]);
  if (found.kind === 'absent') return new ServerProblem(`${where}, which is not there. Correct the setting, or clear it.`, help);
  if (found.kind === 'old')
    return new ServerProblem(`${where}, which is Stagewright ${found.version}; this extension needs ${OLDEST_SERVER} or newer. Update it, or clear the setting.`, help);
  return new ServerProblem(`${where}, which does not start. Correct the setting, or clear it.`, help, found.detail);
}

function firstLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 160) ?? '';
}
