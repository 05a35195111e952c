// Bundles the extension (Node, CommonJS, as VS Code loads it) and the chat panel (browser) into `out/`.
import { copyFile, mkdir } from 'node:fs/promises';
import { build } from 'esbuild';

const shared = { bundle: true, minify: true, legalComments: 'linked', logLevel: 'warning', sourcemap: false, target: 'es2022' };

await mkdir('out', { recursive: true });
await Promise.all([
  build({ ...shared, entryPoints: ['src/extension.ts'], outfile: 'out/extension.cjs', platform: 'node', format: 'cjs', external: ['vscode'], mainFields: ['module', 'main'] }),
  build({ ...shared, entryPoints: { panel: 'src/webview/main.tsx' }, outdir: 'out', platform: 'browser', format: 'iife', jsx: 'automatic', jsxImportSource: 'preact' }),
  copyFile('node_modules/@vscode/codicons/dist/codicon.css', 'out/codicon.css'),
  copyFile('node_modules/@vscode/codicons/dist/codicon.ttf', 'out/codicon.ttf'),
  copyFile('src/webview/panel.css', 'out/panel.css'),
]);
