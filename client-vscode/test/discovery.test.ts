// Which server is started, and what people are told when there is none.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findServer, leadsElsewhere, olderThan, versionIn, type Server, type Sources } from '../src/server/discovery.ts';
import { ServerProblem } from '../src/server/errors.ts';
import type { Outcome } from '../src/server/run.ts';

const OWN: Server = { source: 'own', command: '/own/python', args: ['-I', '-m', 'stagewright'], version: '0.1.0' };

/** A machine on which these programs answer `--version` so; any other is not there. */
function machine(programs: Record<string, Partial<Outcome>>, more: Partial<Sources> = {}): Sources & { readonly notes: string[] } {
  const notes: string[] = [];
  return {
    path: '',
    interpreter: null,
    before: null,
    cwd: '/storage',
    notes,
    note: (message) => notes.push(message),
    own: async () => OWN,
    run: async (command) => ({ code: 0, stdout: '', stderr: '', ...(programs[command] ?? { code: null, stderr: `spawn ${command} ENOENT` }) }),
    ...more,
  };
}

const answers = (version: string): Partial<Outcome> => ({ stdout: `stagewright ${version}\n` });
const lacks = { code: 1, stderr: '/usr/bin/python3: No module named stagewright' };
const olderPython = { code: 2, stderr: "Unknown option: -P\nusage: /usr/bin/python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information.\n" };

describe('the order', () => {
  test('the path of the settings first', async () => {
    const found = await findServer(machine({ '/mine': answers('1.2.0'), '/py': answers('1.0.0') }, { path: '/mine', interpreter: '/py' }));
    assert.deepEqual(found, { source: 'setting', command: '/mine', args: [], version: '1.2.0' });
  });

  test('then the selected interpreter', async () => {
    const found = await findServer(machine({ '/py': answers('0.3.1') }, { interpreter: '/py' }));
    assert.deepEqual(found, { source: 'interpreter', command: '/py', args: ['-P', '-m', 'stagewright'], version: '0.3.1' });
  });

  test('then the own environment', async () => {
    for (const without of [lacks, olderPython]) {
      const sources = machine({ '/py': without }, { interpreter: '/py' });
      assert.equal(await findServer(sources), OWN);
      assert.deepEqual(sources.notes, [], 'a Python that has none is nothing to speak of');
    }
    assert.equal(await findServer(machine({})), OWN);
  });

  test('an interpreter whose server is too old or broken is passed over, and that is said', async () => {
    for (const [outcome, said] of [
      [answers('0.0.9'), /0\.0\.9.*needs 0\.1\.0/],
      [{ code: 1, stderr: "ImportError: cannot import name 'x'" }, /does not start.*cannot import name/],
      [{ code: 1, stderr: "ModuleNotFoundError: No module named 'stagewright.lsp'" }, /does not start.*stagewright\.lsp/],
      [{ stdout: 'hello' }, /does not start/],
    ] as const) {
      const sources = machine({ '/py': outcome }, { interpreter: '/py' });
      assert.equal(await findServer(sources), OWN);
      assert.match(sources.notes.join(), said);
    }
  });
});

describe('the interpreter from which the server came', () => {
  const before: Server = { source: 'interpreter', command: '/venv/python', args: ['-P', '-m', 'stagewright'], version: '1.0.0' };

  for (const [name, programs, interpreter, said] of [
    ['is gone', {}, '/venv/python', /no longer there: \/venv\/python\. Select another/],
    ['is gone, and none is selected', {}, null, /no longer there/],
    ['is gone, and one without Stagewright is selected', { '/py': lacks }, '/py', /no longer there: \/venv/],
    ['has lost Stagewright', { '/venv/python': lacks }, '/venv/python', /no longer in the Python that ran it: \/venv/],
    ['is there, but not selected any more', { '/venv/python': answers('1.0.0'), '/py': lacks }, '/py', /^$/],
  ] as const)
    test(name, async () => {
      const sources = machine(programs, { interpreter, before });
      assert.equal(await findServer(sources), OWN);
      assert.match(sources.notes.join(), said);
    });

  test('is gone, and another that has Stagewright is selected: nothing to speak of', async () => {
    const sources = machine({ '/py': answers('1.0.0') }, { interpreter: '/py', before });
    assert.equal((await findServer(sources)).command, '/py');
    assert.deepEqual(sources.notes, []);
  });
});

describe('another interpreter is selected', () => {
  const both = machine({ '/one': answers('1.0.0'), '/two': answers('1.0.0'), '/none': lacks, '/old': answers('0.0.9') });
  const elsewhere = (current: Server | null, interpreter: string | null, path = ''): Promise<boolean> => leadsElsewhere(current, { ...both, path, interpreter });

  test('from which the server comes', async () => {
    const current = await findServer({ ...both, interpreter: '/one' });
    assert.equal(await elsewhere(current, '/one'), false);
    for (const interpreter of ['/two', '/none', null]) assert.equal(await elsewhere(current, interpreter), true);
  });

  test('while the own server runs, it counts only if it has one', async () => {
    assert.equal(await elsewhere(OWN, '/two'), true);
    for (const interpreter of ['/none', '/old', '/nowhere', null]) assert.equal(await elsewhere(OWN, interpreter), false);
  });

  test('while none runs, any may be the one from which one can be made', async () => {
    assert.equal(await elsewhere(null, '/none'), true);
  });

  test('where a path stands in the settings, it has no say', async () => {
    const current: Server = { source: 'setting', command: '/mine', args: [], version: '1.0.0' };
    for (const server of [current, null]) assert.equal(await elsewhere(server, '/two', '/mine'), false);
  });
});

describe('a path in the settings that cannot be used is the problem to tell', () => {
  for (const [name, outcome, said] of [
    ['not there', undefined, /is not there/],
    ['too old', answers('0.0.1'), /0\.0\.1.*needs 0\.1\.0/],
    ['no stagewright', { stdout: 'garbage\n' }, /does not start/],
    ['ends with an error', { code: 3, stderr: 'Traceback' }, /does not start/],
    ['hangs', { code: null, stderr: 'No answer within 20 s.' }, /does not start/],
  ] as const)
    test(name, async () => {
      const sources = machine(outcome ? { '/mine': outcome } : {}, { path: '/mine' });
      await assert.rejects(findServer(sources), (error) => {
        assert.ok(error instanceof ServerProblem);
        assert.match(error.message, said);
        assert.deepEqual(error.help, ['settings', 'own', 'log']);
        return true;
      });
    });

  for (const [name, path, outcome, said] of [
    ['a script whose Python is gone', import.meta.filename, undefined, /whose Python is not there\. Make its environment anew/],
    ['a script whose Python has lost it', '/mine', lacks, /whose Python has no Stagewright/],
  ] as const)
    test(`${name}: it can be made anew`, async () => {
      const gone = findServer(machine(outcome ? { [path]: outcome } : {}, { path }));
      await assert.rejects(gone, (error) => error instanceof ServerProblem && said.test(error.message) && error.help[0] === 'retry');
    });
});

test('versions are read exactly', () => {
  assert.equal(versionIn('stagewright 1.2.3\n'), '1.2.3');
  assert.equal(versionIn('stagewright 1.2.3rc1'), '1.2.3rc1');
  assert.equal(versionIn('Warning: x\nstagewright 1.2.3\n'), '1.2.3');
  for (const text of ['', '1.2.3', 'stagewright', 'other 1.2.3', 'stagewright one']) assert.equal(versionIn(text), null);
});

test('versions are compared by number', () => {
  assert.ok(olderThan('0.9.0', '0.10.0'));
  assert.ok(olderThan('1.2.3', '1.2.10'));
  assert.ok(!olderThan('1.0.0', '1.0.0'));
  assert.ok(!olderThan('2.0.0', '1.9.9'));
  assert.ok(!olderThan('1.0.0rc1', '0.9.9'));
});
