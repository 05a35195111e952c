// The extension's own environment: made once in its storage from the wheel inside the VSIX, checked at each start.

import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { probe, type Server } from './discovery.ts';
import { ServerProblem } from './errors.ts';
import type { Run } from './run.ts';

export interface OwnOptions {
  /** The extension's storage; the environments stand in it. */
  readonly storage: string;
  /** The folder in the VSIX that holds the wheel and `constraints.txt`. */
  readonly bundle: string;
  readonly platform: NodeJS.Platform;
  readonly run: Run;
  readonly python: () => Promise<string>;
  /** Runs the installation with a progress display that can be cancelled. */
  readonly withProgress: <T>(task: (report: (message: string) => void, signal: AbortSignal) => Promise<T>) => Promise<T>;
  readonly log: (line: string) => void;
}

const DAY_MS = 24 * 60 * 60_000;

/** How long an environment that nobody starts is kept: windows that were not reloaded since an update still run it. */
const UNUSED_MS = 30 * DAY_MS;

/** The own server, made or repaired where needed. Raises ServerProblem. */
export async function ownServer(options: OwnOptions): Promise<Server> {
  const wheel = await findWheel(options.bundle);
  const home = join(options.storage, `server-${await fingerprint(options.bundle, wheel)}`);
  const server = (await check(options, home)) ?? (await makeAnew(options, wheel, home));
  await removeUnused(options.storage);
  return server;
}

async function findWheel(bundle: string): Promise<string> {
  const wheel = (await readdir(bundle).catch(() => [])).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new ServerProblem('The extension was packaged without its server. Install it again, or name a server in the settings.', ['settings', 'log']);
  return wheel;
}

/** Names the environment by what it is made of, so that another wheel or other pins never reuse it. */
async function fingerprint(bundle: string, wheel: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of [wheel, 'constraints.txt']) hash.update(await readFile(join(bundle, name)));
  return hash.digest('hex').slice(0, 12);
}

async function check(options: OwnOptions, home: string): Promise<Server | null> {
  const command = pythonOf(home, options.platform);
  const complete = join(home, 'complete');
  if (!existsSync(complete) || !existsSync(command)) return null;
  const now = new Date();
  await utimes(complete, now, now).catch(() => undefined); // says when it was used last
  const args = ['-I', '-m', 'stagewright'];
  const found = await probe(options.run, command, args, options.storage);
  return found.kind === 'usable' ? { source: 'own', command, args, version: found.version } : null;
}

const pythonOf = (home: string, platform: NodeJS.Platform): string =>
  platform === 'win32' ? join(home, 'Scripts', 'python.exe') : join(home, 'bin', 'python');

function makeAnew(options: OwnOptions, wheel: string, home: string): Promise<Server> {
  if (existsSync(home)) options.log("The extension's own environment does not start. Recreating it.");
  return options.withProgress((report, signal) => make(options, wheel, home, report, signal));
}

/**
 * Makes the environment beside its final place and moves it there when it is complete: another window never sees a
 * half-made one, and whichever finishes first wins. (`python -m` works after a move; the scripts in it are not used.)
 */
async function make(options: OwnOptions, wheel: string, home: string, report: (message: string) => void, signal: AbortSignal): Promise<Server> {
  await mkdir(options.storage, { recursive: true });
  const draft = join(options.storage, `making-${randomUUID()}`);
  try {
    report('looking for Python');
    const python = await options.python();
    options.log(`Making an environment from ${python}`);
    report('making an environment');
    await step(options, python, ['-I', '-m', 'venv', draft], signal);
    report('installing packages');
    const install = ['-I', '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off', '--constraint', join(options.bundle, 'constraints.txt'), join(options.bundle, wheel)];
    await step(options, pythonOf(draft, options.platform), install, signal, (line) => {
      const collecting = /^Collecting ([\w.-]+)/.exec(line)?.[1];
      if (collecting) report(`fetching ${collecting}`);
      else if (line.startsWith('Installing collected packages')) report('installing packages');
    });
    await writeFile(join(draft, 'complete'), '');
    const fresh = await check(options, draft);
    if (!fresh) throw new ServerProblem('Stagewright was installed but does not start.', ['retry', 'log']);
    await moveInto(options, draft, home);
    return { ...fresh, command: pythonOf(home, options.platform) };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Puts a complete environment in its place, unless another window has put a working one there meanwhile. */
async function moveInto(options: OwnOptions, draft: string, home: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await rename(draft, home); // refused while there is one already
    } catch (error) {
      if (!existsSync(home) || tries === 3) throw error;
      if (await check(options, home)) return;
      await discard(home);
    }
  }
}

async function step(options: OwnOptions, command: string, args: readonly string[], signal: AbortSignal, onLine?: (line: string) => void): Promise<void> {
  const outcome = await options.run(command, args, {
    timeoutMs: 15 * 60_000,
    cwd: options.storage,
    signal,
    onLine: (line) => {
      options.log(line);
      onLine?.(line);
    },
  });
  if (outcome.code === 0) return;
  options.log(outcome.stderr);
  if (signal.aborted) throw new ServerProblem('The installation of the server was stopped.', ['retry', 'log']);
  throw new ServerProblem(installProblem(outcome.stderr), ['retry', 'python', 'log'], outcome.stderr);
}

/** What a failed installation means, in one or two sentences. */
export function installProblem(stderr: string): string {
  if (/name resolution|getaddrinfo|NewConnectionError|Network is unreachable|Max retries exceeded|timed out|ProxyError/i.test(stderr))
    return "The server's Python packages could not be fetched: the package index was not reached. Check the network or the proxy, then retry.";
  if (/No space left/i.test(stderr)) return "The server's Python packages could not be installed: the disk is full.";
  return "The server's Python packages could not be installed. The log says why.";
}

/** Removes environments of earlier versions, and what windows left that were closed during an installation. */
async function removeUnused(storage: string): Promise<void> {
  for (const name of await readdir(storage)) {
    const kept = name.startsWith('server-') ? UNUSED_MS : name.startsWith('making-') ? DAY_MS : Infinity;
    const folder = join(storage, name);
    if (Date.now() - (await lastUse(folder)) > kept) await discard(folder);
  }
}

/** When a folder was used last, in milliseconds since 1970; infinite where another window has just removed it. */
async function lastUse(folder: string): Promise<number> {
  const found = await stat(join(folder, 'complete'))
    .catch(() => stat(folder))
    .catch(() => null);
  return found?.mtimeMs ?? Infinity;
}

/** Removes a folder whole or, where another window was quicker or Windows has it in use, not at all. Never throws. */
async function discard(folder: string): Promise<void> {
  const aside = join(dirname(folder), `making-${randomUUID()}`);
  await rename(folder, aside)
    .then(() => rm(aside, { recursive: true, force: true }))
    .catch(() => undefined);
}
