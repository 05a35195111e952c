// Packages the extension into `dist/`. A marketplace shows README.md alone: there its links lead to this version in the
// repository. As long as that has no owner (its placeholder has an underscore), they stay as they are.
import { readFile } from 'node:fs/promises';
import { createVSIX } from '@vscode/vsce';

const { name, version, repository } = JSON.parse(await readFile('package.json', 'utf8'));
const owned = !repository.url.includes('_');
await createVSIX({
  packagePath: `../dist/${name}-${version}.vsix`,
  dependencies: false,
  rewriteRelativeLinks: owned,
  ...(owned ? { baseContentUrl: `${repository.url}/blob/v${version}/client-vscode`, baseImagesUrl: `${repository.url}/raw/v${version}/client-vscode` } : {}),
});
