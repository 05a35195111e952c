// What the extension costs a window in which no model is named: the time to activate it, processes, memory.
// After `make vsix`: STAGEWRIGHT_EDITORS="$(tests/editors/install.sh)" node tests/editors/idle.ts

import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Editor, launchBrowser } from './editor.ts';
import { until } from './waiting.ts';
import { Workbench } from './workbench.ts';
import { cleanEnvironment, folderOf, ROOT } from './world.ts';

const WINDOWS = 3;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const range = (values: readonly number[], digits = 0): string => `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;

interface Cost {
  /** Megabytes of the extension host that are its own, or its share of what is shared. */
  readonly memory: number;
  readonly processes: number;
  /** Milliseconds by VS Code's own measure, loading included. */
  readonly activation: number | null;
}

/** A window on files without models, once every extension in it is awake and has rested. */
async function costOf(vsix: string | undefined, home: string, folder: string): Promise<Cost> {
  const editor = await Editor.start({ ...(vsix ? { vsix } : {}), env: cleanEnvironment(home) });
  const browser = await launchBrowser();
  try {
    const code = new Workbench(await browser.newPage());
    await code.goto(editor.address(folder, join(folder, 'plain.py')));
    await code.opened('plain.py');
    await until(async () => (await editor.log()).includes(vsix ? 'Activated in' : 'Eager extensions activated'), 'all is awake');
    await new Promise((resolve) => setTimeout(resolve, 10_000)); // what others begin has ended: this is a measurement, not a test
    const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!.slice(1) as [string, string, string]);
    const host = all.find(([pid, , args]) => args.includes('--type=extensionHost') && isBelow(pid, String(editor.pid), all))![0];
    const smaps = await readFile(`/proc/${host}/smaps_rollup`, 'utf8');
    return {
      memory: Number(/^Pss:\s+(\d+) kB/m.exec(smaps)![1]) / 1024,
      processes: all.filter(([pid]) => isBelow(pid, host, all)).length - 1,
      activation: vsix ? await activationOf(code) : null,
    };
  } finally {
    await browser.close();
    await editor.close();
  }
}

async function activationOf(code: Workbench): Promise<number> {
  await code.page.setViewportSize({ width: 1280, height: 2400 });
  await code.command('Developer: Show Running Extensions');
  const row = code.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Stagewright' });
  return Number(/(\d+)ms/.exec(await row.locator('.activation-time').filter({ hasText: /\d+ms/ }).innerText())![1]);
}

function isBelow(pid: string, above: string, all: readonly (readonly [string, string, string])[]): boolean {
  return pid === above || all.some(([one, parent]) => one === pid && parent !== '0' && parent !== '1' && isBelow(parent, above, all));
}

const [name] = (await readdir(join(ROOT, 'dist'))).filter((file) => file.endsWith('.vsix'));
const home = await folderOf({}, 'home');
const folder = await folderOf({ 'plain.py': 'def pay(amount):\n    return amount\n', 'README.md': '# Checkout\n' });
const [without, having]: [Cost[], Cost[]] = [[], []];
for (let i = 0; i < WINDOWS; i++) {
  without.push(await costOf(undefined, home.path, folder.path));
  having.push(await costOf(join(ROOT, 'dist', name!), home.path, folder.path));
}
const of = (costs: readonly Cost[], key: 'memory' | 'processes'): number[] => costs.map((cost) => cost[key]);
console.log(`activation, ms, of ${WINDOWS} windows:          ${range(having.map(({ activation }) => activation!))}`);
console.log(`processes of the extension host:      ${range(of(without, 'processes'))} without, ${range(of(having, 'processes'))} with the extension`);
console.log(`memory of the extension host, MB:     ${range(of(without, 'memory'), 1)} without, ${range(of(having, 'memory'), 1)} with the extension`);
await Promise.all([home.remove(), folder.remove()]);
