// Checks what the README states of the package's size. To a tenth: pictures differ a little each time they are taken.
import { readdir, readFile, stat } from 'node:fs/promises';

const { name, version } = JSON.parse(await readFile('package.json', 'utf8'));
const sizes = await Promise.all((await readdir('docs')).map(async (picture) => (await stat(`docs/${picture}`)).size));
const actual = [(await stat(`../dist/${name}-${version}.vsix`)).size, sizes.reduce((sum, size) => sum + size, 0)].map((bytes) => bytes / 1e6);

const stated = /One file of ([\d.]+) MB, of which ([\d.]+) MB are these pictures/.exec(await readFile('README.md', 'utf8'))?.slice(1).map(Number);
if (!stated || actual.some((size, index) => Math.abs(size - stated[index]) > size / 10)) {
  console.error(`client-vscode/README.md must say: One file of ${actual[0].toFixed(1)} MB, of which ${actual[1].toFixed(1)} MB are these pictures`);
  process.exit(1);
}
