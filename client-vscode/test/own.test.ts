// The extension's own environment: made once, found again, repaired; with real files and a played `python`.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Server } from '../src/server/discovery.ts';
import { ServerProblem } from '../src/server/errors.ts';
import { installProblem, ownServer, type OwnOptions } from '../src/server/own.ts';
import { findPython, pythonCandidates } from '../src/server/python.ts';
import { cleanEnvironment, run } from '../src/server/run.ts';
import { afterCrash, MOST_RESTARTS, WINDOW_MS } from '../src/server/restarts.ts';

let folder: string;
let options: OwnOptions;
let reports: string[];

/** Stands for Python: makes "environments" whose `python` is this same script, and notes what it was asked. */
const PYTHON = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/../calls"
case "$*" in
  *"-m venv "*) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python" ;;
  *"-m pip install"*) if [ -e FAIL ]; then cat FAIL >&2; exit 1; fi; echo "Collecting pygls"; touch "$(dirname "$0")/installed" ;;
  *"-m stagewright --version"*) [ -e "$(dirname "$0")/installed" ] && echo "stagewright 0.1.0" || exit 1 ;;
esac
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagewright-own-'));
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'bundle'));
  await mkdir(join(folder, 'storage'));
  await writeFile(join(folder, 'bundle/stagewright-0.1.0-py3-none-any.whl'), 'wheel');
  await writeFile(join(folder, 'bundle/constraints.txt'), 'pygls==2.1.1\n');
  const python = join(folder, 'bin/python');
  await writeFile(python, PYTHON);
  await chmod(python, 0o755);
  reports = [];
  options = {
    storage: join(folder, 'storage'),
    bundle: join(folder, 'bundle'),
    platform: 'linux',
    run,
    python: async () => python,
    withProgress: (task) => task((message) => reports.push(message), new AbortController().signal),
    log: () => undefined,
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const environments = async (): Promise<string[]> => (await readdir(options.storage)).filter((name) => name !== 'FAIL');

const homeOf = (server: Server): string => join(server.command, '../..');

/** The server after an update of the extension. */
async function updated(): Promise<Server> {
  await writeFile(join(options.bundle, 'stagewright-0.1.0-py3-none-any.whl'), 'a newer wheel');
  return ownServer(options);
}

/** Lets a folder look as if it had been used last so many days ago. */
async function aged(home: string, days: number): Promise<void> {
  const then = new Date(Date.now() - days * 24 * 60 * 60_000);
  for (const path of [join(home, 'complete'), home]) if (existsSync(path)) await utimes(path, then, then);
}

describe('the own environment', () => {
  test('is made once, from the wheel and the pins, with progress', async () => {
    const made = await ownServer(options);
    assert.equal(made.source, 'own');
    assert.equal(made.version, '0.1.0');
    assert.ok(existsSync(made.command));
    assert.deepEqual(reports, ['looking for Python', 'making an environment', 'installing packages', 'fetching pygls']);
    const calls = await readFile(join(folder, 'calls'), 'utf8');
    assert.match(calls, /^-I -m venv /m);
    reports = [];
    assert.deepEqual(await ownServer(options), made);
    assert.deepEqual(reports, []);
  });

  test('is made anew when it does not start', async () => {
    const made = await ownServer(options);
    await rm(join(made.command, '../installed'));
    assert.deepEqual(await ownServer(options), made);
    assert.ok(reports.filter((message) => message === 'making an environment').length === 2);
  });

  test('is made anew for another wheel; the old one stays for the windows that still run it', async () => {
    const before = await ownServer(options);
    const after = await updated();
    assert.notEqual(after.command, before.command);
    assert.ok(existsSync(before.command));
    await aged(homeOf(before), 7);
    assert.deepEqual(await ownServer(options), after);
    assert.ok(existsSync(before.command));
  });

  test('that no window has started for a month goes at the next start of another', async () => {
    const before = await ownServer(options);
    const after = await updated();
    await aged(homeOf(before), 40);
    await aged(homeOf(after), 40);
    assert.deepEqual(await ownServer(options), after);
    assert.deepEqual(await environments(), [basename(homeOf(after))]);
  });

  test('that was started again counts as used', async () => {
    const before = await ownServer(options);
    await aged(homeOf(before), 40);
    await ownServer(options);
    await updated();
    assert.ok(existsSync(before.command));
  });

  test('what a window that was closed during an installation left goes a day later; one under way stays', async () => {
    const made = await ownServer(options);
    for (const name of ['making-left', 'making-now', 'something-else']) await mkdir(join(options.storage, name, 'bin'), { recursive: true });
    for (const name of ['making-left', 'something-else']) await aged(join(options.storage, name), 2);
    await ownServer(options);
    assert.deepEqual((await environments()).sort(), ['making-now', basename(homeOf(made)), 'something-else']);
  });

  test('two windows at once end with one working environment', async () => {
    const [a, b] = await Promise.all([ownServer(options), ownServer(options)]);
    assert.deepEqual(a, b);
    assert.deepEqual(await ownServer(options), a);
    assert.equal((await environments()).length, 1);
  });

  test('leaves nothing half-made behind when the installation fails', async () => {
    await writeFile(join(options.storage, 'FAIL'), 'Failed to establish a new connection: NewConnectionError');
    await assert.rejects(ownServer(options), (error) => {
      assert.ok(error instanceof ServerProblem);
      assert.match(error.message, /package index was not reached/);
      assert.deepEqual(error.help, ['retry', 'python', 'log']);
      return true;
    });
    assert.deepEqual(await environments(), []);
    await rm(join(options.storage, 'FAIL'));
    assert.equal((await ownServer(options)).version, '0.1.0');
  });

  test('can be stopped', async () => {
    const stop = new AbortController();
    options = { ...options, withProgress: (task) => task((message) => message.startsWith('installing') && stop.abort(), stop.signal) };
    await assert.rejects(ownServer(options), /was stopped/);
    assert.deepEqual(await environments(), []);
  });

  test('says so when the extension holds no wheel', async () => {
    await rm(options.bundle, { recursive: true });
    await assert.rejects(ownServer(options), /packaged without its server/);
  });
});

test('what a failed installation means', () => {
  assert.match(installProblem('Temporary failure in name resolution'), /package index was not reached/);
  assert.match(installProblem('OSError: [Errno 28] No space left on device'), /disk is full/);
  assert.match(installProblem('something else'), /log says why/);
});

describe('Python', () => {
  const says = (version: string) => async () => ({ code: 0, stdout: `${version}\n/real/python\n`, stderr: '' });

  test('new enough: the real program, not the shim', async () => {
    assert.equal(await findPython(says('3 11'), ['python3'], '/'), '/real/python');
    assert.equal(await findPython(says('4 0'), ['python3'], '/'), '/real/python');
  });

  test('too old, without venv, or not there: said with what helps', async () => {
    const cases = [
      [says('3 10'), /Found only python3: Python 3\.10 is too old/],
      [async () => ({ code: 1, stdout: '', stderr: "ModuleNotFoundError: No module named 'ensurepip'" }), /python3-venv/],
      [async () => ({ code: null, stdout: '', stderr: 'spawn python3 ENOENT' }), /None was found/],
    ] as const;
    for (const [played, said] of cases)
      await assert.rejects(findPython(played, ['python3'], '/'), (error) => {
        assert.ok(error instanceof ServerProblem);
        assert.match(error.message, said);
        assert.deepEqual(error.help, ['python', 'retry', 'log']);
        return true;
      });
  });

  test('a chosen one is the only one tried; else the selected interpreter comes first', () => {
    assert.deepEqual(pythonCandidates('/chosen', '/selected', 'linux'), ['/chosen']);
    assert.equal(pythonCandidates('', '/selected', 'linux')[0], '/selected');
    assert.equal(pythonCandidates('', null, 'win32')[0], 'python');
  });

  test('what another Python was told does not reach it', () => {
    assert.deepEqual(cleanEnvironment({ PYTHONPATH: '/x', PYTHONHOME: '/y', HOME: '/h' }), { HOME: '/h', PYTHONUTF8: '1' });
  });
});

test('a server that crashes is started again a bounded number of times', () => {
  let crashes: number[] = [];
  for (let i = 0; i <= MOST_RESTARTS; i++) {
    const next = afterCrash(crashes, 1000 + i);
    crashes = next.crashes;
    assert.equal(next.restart, i < MOST_RESTARTS);
  }
  assert.equal(afterCrash(crashes, 2000 + WINDOW_MS).restart, true, 'old crashes no longer count');
});
