// Another YAML extension: yaml-language-server for all YAML files, and for files of a language id of its own.

import { LanguageClient } from 'vscode-languageclient/node';

/** Where the test has yaml-language-server; the bundler writes it in. */
declare const SERVER: string;

const client = new LanguageClient('neighbour', 'YAML Neighbour', { command: process.execPath, args: [SERVER, '--stdio'] }, {
  documentSelector: [{ language: 'yaml' }, { language: 'neighbour' }],
});

export const activate = (): Promise<void> => client.start();
export const deactivate = (): Promise<void> => client.stop();
