// Bundles the extension (Node, CommonJS, as VS Code loads it) and the chat panel (browser) with its styles into `out/`.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const shared = { bundle: true, minify: true, legalComments: 'none', logLevel: 'warning', metafile: true, target: 'es2022' };

await rm('out', { recursive: true, force: true });
await mkdir('out');
const bundles = await Promise.all([
  build({ ...shared, entryPoints: ['src/extension.ts'], outfile: 'out/extension.cjs', platform: 'node', format: 'cjs', external: ['vscode'], mainFields: ['module', 'main'] }),
  build({ ...shared, entryPoints: ['src/webview/main.tsx'], outfile: 'out/panel.js', platform: 'browser', format: 'iife', jsx: 'automatic', jsxImportSource: 'preact' }),
  build({ ...shared, entryPoints: ['src/webview/panel.css'], outfile: 'out/panel.css' }),
]);
await copyFile('node_modules/@vscode/codicons/dist/codicon.css', 'out/codicon.css');
await copyFile('node_modules/@vscode/codicons/dist/codicon.ttf', 'out/codicon.ttf');
await writeFile('out/THIRD-PARTY-NOTICES.txt', await notices(bundles.flatMap((bundle) => Object.keys(bundle.metafile.inputs))));

/** The licences of the packages whose files went into the bundles, as those licences ask for. */
async function notices(inputs) {
  const folders = inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean);
  const texts = [...new Set([...folders, 'node_modules/@vscode/codicons'])].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? await readFile(`${folder}/${file}`, 'utf8') : ''}`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}
