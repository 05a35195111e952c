// Commands about providers and the server itself: keys, lists, settings, log, restart.

import * as vscode from 'vscode';
import { log } from '../log.ts';
import { keyVariables } from '../models.ts';
import type { Catalog } from '../protocol.ts';
import { selectPython } from '../server/problems.ts';
import type { StartOptions } from '../server/session.ts';
import { showSettings } from '../settings.ts';
import { providerText } from '../text.ts';
import { chooseThen, command, type Parts } from './shared.ts';

export function providerCommands(parts: Parts): vscode.Disposable[] {
  return [
    command('stagewright.refreshModels', () => refreshModels(parts)),
    command('stagewright.setApiKey', () => setApiKey(parts)),
    command('stagewright.useRehearsal', useRehearsal),
    command('stagewright.openSettings', async () => showSettings('@ext:stagewright.stagewright')),
    command('stagewright.selectPython', selectPython),
    command('stagewright.showLog', async () => log.show()),
    // The only way to a new start, whoever asks for it; crashes apart.
    command('stagewright.restartServer', (options?: StartOptions) => parts.session.restart(options)),
    command('stagewright.showActions', () => showActions(parts)),
  ];
}

async function refreshModels(parts: Parts): Promise<void> {
  const catalog = await parts.api.refreshModels();
  await parts.panels.reloadCatalog();
  const configured = Object.values(catalog.providers).filter((provider) => provider.status !== 'not-configured');
  const summary = configured.map((provider) => `${provider.name}: ${provider.status === 'ok' ? `${provider.models.length} models` : providerText(provider, Date.now())}`);
  if (configured.length === 0) {
    const set = 'Set API Key';
    const choice = await vscode.window.showInformationMessage('No provider is configured.', set);
    if (choice === set) await setApiKey(parts);
  } else vscode.window.setStatusBarMessage(`$(sparkle) ${summary.join(', ')}`, 8000);
}

/** Asks for a provider and its key; the server gets it as its environment when it starts anew. */
async function setApiKey(parts: Parts): Promise<void> {
  const variables = keyVariables(await parts.api.models());
  const stored = new Set(parts.keys.variables);
  const items = variables.map(({ name, variable }) => ({ label: name, description: variable, detail: stored.has(variable) ? '$(key) A key is stored' : '', variable }));
  const chosen = await chooseThen(items, { title: 'Set the API key of which provider?' }, async ({ label, variable }) => ({ variable, key: await askForKey(label, variable, stored.has(variable)) }));
  if (chosen?.key === undefined) return;
  const { variable, key } = chosen;
  if (key === '') await parts.keys.remove(variable);
  else await parts.keys.set(variable, key);
  await vscode.commands.executeCommand('stagewright.restartServer');
  await refreshModels(parts);
}

/** The key, empty to remove the stored one, undefined when nothing shall change. */
async function askForKey(provider: string, variable: string, known: boolean): Promise<string | undefined> {
  const key = await vscode.window.showInputBox({
    title: `API key of ${provider}`,
    prompt: `Kept in VS Code's secret storage and given to the server as ${variable}.${known ? ' Leave it empty to remove the stored key.' : ''}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (!known && text.trim() === '' ? 'Paste the key, or press Escape.' : null),
  });
  return key?.trim();
}

/** Turns on the built-in provider that answers offline by a fixed rule. */
async function useRehearsal(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('stagewright');
  const providers = configuration.inspect<Record<string, object>>('providers')?.globalValue ?? {};
  await configuration.update('providers', { ...providers, rehearsal: { ...providers['rehearsal'], enabled: true } }, vscode.ConfigurationTarget.Global);
  void vscode.window.showInformationMessage('The rehearsal models are on: choose rehearsal-1 or rehearsal-2. Their answers are made up, offline.');
}

async function showActions(parts: Parts): Promise<void> {
  const state = parts.session.state;
  const catalog: Catalog = state.kind === 'running' ? await parts.api.models() : { providers: {} };
  const providers = Object.values(catalog.providers)
    .filter((provider) => provider.status !== 'not-configured')
    .map((provider) => ({
      label: `$(${provider.status === 'ok' ? 'pass' : 'warning'}) ${provider.name}`,
      description: providerText(provider, Date.now()),
      detail: provider.error ?? `${provider.models.length} models`,
      command: 'stagewright.refreshModels',
    }));
  const action = (icon: string, label: string, id: string) => ({ label: `$(${icon}) ${label}`, command: id });
  const items: (vscode.QuickPickItem & { command?: string })[] = [
    ...(providers.length > 0 ? [{ label: 'Providers', kind: vscode.QuickPickItemKind.Separator }, ...providers] : []),
    { label: 'Actions', kind: vscode.QuickPickItemKind.Separator },
    action('refresh', 'Refresh Models', 'stagewright.refreshModels'),
    action('key', 'Set API Key', 'stagewright.setApiKey'),
    action('gear', 'Open Settings', 'stagewright.openSettings'),
    action('output', 'Show Log', 'stagewright.showLog'),
    action('debug-restart', 'Restart Server', 'stagewright.restartServer'),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Stagewright' });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
}
