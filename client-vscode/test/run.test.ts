// Programs that are run, and that are waited for to end.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { hasEnded } from '../src/server/run.ts';

const program = (text: string) => spawn(process.execPath, ['-e', text], { stdio: ['pipe', 'inherit', 'inherit'] });

describe('waiting for a program to end', () => {
  test('one that ends in time', async () => {
    const child = program('process.stdin.on("end", () => process.exit(3)).resume()');
    const ending = hasEnded(child, 20_000);
    child.stdin.end();
    assert.equal(await ending, true);
    assert.equal(child.exitCode, 3);
    assert.equal(await hasEnded(child, 0), true, 'it has ended before it was waited for');
  });

  test('one that does not end is left as it is', async () => {
    const child = program('setInterval(() => 0, 1000)');
    assert.equal(await hasEnded(child, 50), false);
    child.kill();
    await once(child, 'exit');
    assert.equal(await hasEnded(child, 0), true, 'a signal has ended it');
  });
});
