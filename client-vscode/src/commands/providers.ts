// Commands about providers and the server itself: keys, lists, settings, log, restart.

import * as vscode from 'vscode';
import { commandButton, offer } from '../buttons.ts';
import { log } from '../log.ts';
import { keyVariables, REHEARSAL } from '../models.ts';
import { WANTS_KEY } from '../keys.ts';
import { pickModel } from '../picker.ts';
import type { Catalog, ModelReference, Provider, WorkflowKey } from '../protocol.ts';
import { selectPython } from '../server/problems.ts';
import type { StartOptions } from '../server/session.ts';
import { showSettings } from '../settings.ts';
import { providerText } from '../text.ts';
import { chooseThen, command, type Parts } from './shared.ts';

export function providerCommands(parts: Parts): vscode.Disposable[] {
  return [
    command('stagewright.refreshModels', () => refreshModels(parts)),
    command('stagewright.setApiKey', (provider?: unknown) => setApiKey(parts, typeof provider === 'string' ? provider : null)),
    command('stagewright.useRehearsal', (chat?: WorkflowKey) => useRehearsal(parts, chat)),
    command('stagewright.chooseDefaultModel', () => chooseDefaultModel(parts)),
    command('stagewright.openSettings', async () => showSettings('@ext:stagewright.stagewright')),
    command('stagewright.selectPython', selectPython),
    command('stagewright.showLog', async () => log.show()),
    // The only way to a new start, whoever asks for it; crashes apart.
    command('stagewright.restartServer', (options?: StartOptions) => parts.session.restart(options)),
    command('stagewright.showActions', () => showActions(parts)),
  ];
}

const isAsked = ({ status, askable }: Provider): boolean => status !== 'not-configured' && askable !== false;

async function refreshModels(parts: Parts): Promise<void> {
  const catalog = await parts.api.refreshModels();
  await parts.panels.reloadCatalog();
  const configured = Object.values(catalog.providers).filter(isAsked);
  const summary = configured.map((provider) => `${provider.name}: ${provider.status === 'ok' ? `${provider.models.length} models` : providerText(provider, Date.now())}`);
  if (configured.length === 0) await offer(vscode.window.showInformationMessage, 'No provider is configured.', { title: 'Set API Key', run: () => setApiKey(parts, null) });
  else vscode.window.setStatusBarMessage(`$(sparkle) ${summary.join(', ')}`, 8000);
}

/** Asks for a key, and whose it is unless that is given; the server gets it as its environment when it starts anew. */
async function setApiKey(parts: Parts, provider: string | null): Promise<void> {
  const variables = keyVariables(await parts.api.models());
  const stored = new Set(parts.keys.variables);
  const items = variables.map((one) => ({ label: one.name, description: one.variable, detail: stored.has(one.variable) ? '$(key) A key is stored' : '', ...one }));
  const ask = async (one: (typeof items)[number]) => ({ ...one, key: await askForKey(one.name, one.variable, stored.has(one.variable)) });
  const given = items.find((one) => one.provider === provider);
  const chosen = given ? await ask(given) : await chooseThen(items, { title: 'Set the API key of which provider?' }, ask);
  if (chosen?.key === undefined) return;
  const { variable, key } = chosen;
  if (key === '') await parts.keys.remove(variable);
  else await parts.keys.set(variable, key);
  await vscode.commands.executeCommand('stagewright.restartServer');
  if (key === '') await refreshModels(parts);
  else await tryKey(parts, chosen.provider);
}

/** Asks the provider with its new key, and says at once where that is refused or could not be tried. */
async function tryKey(parts: Parts, provider: string): Promise<void> {
  const { providers } = await parts.api.refreshModels(provider);
  await parts.panels.reloadCatalog();
  const { name, status, error, models } = providers[provider] ?? { name: provider, status: 'unreachable', error: null, models: [] };
  if (status === 'ok' && parts.panels.current?.lacksModel) parts.panels.current.chooseModel();
  if (status === 'ok' || status === 'no-list') return void vscode.window.setStatusBarMessage(`$(check) ${name}: ${status === 'ok' ? `${models.length} models` : 'key stored'}`, 8000);
  const refused = WANTS_KEY.includes(status);
  const show = refused ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const again = refused ? commandButton('Set API Key', 'stagewright.setApiKey', provider) : commandButton('Retry', 'stagewright.refreshModels', provider);
  const why = error ?? (refused ? 'The provider refused it.' : 'The provider did not answer.');
  // Not waited for: whoever asked for the key goes on.
  void offer(show, `The key of ${name} ${refused ? 'does not work' : 'is stored and could not be tried'}: ${why}`, again);
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

/** Turns on the built-in provider that answers offline by a fixed rule, and chooses its first model in the chat that it was turned on for. */
async function useRehearsal(parts: Parts, chat?: WorkflowKey): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('stagewright');
  const providers = configuration.inspect<Record<string, object>>('providers')?.globalValue ?? {};
  await configuration.update('providers', { ...providers, rehearsal: { ...providers['rehearsal'], enabled: true } }, vscode.ConfigurationTarget.Global);
  vscode.window.setStatusBarMessage('$(check) Rehearsal models are on: their answers are made up, offline', 8000);
  const of = chat ?? parts.panels.current?.key;
  if (!of) return;
  await parts.session.configure();
  await parts.api.untilListed(REHEARSAL.provider);
  await parts.api.setChatModel(of, REHEARSAL);
  await parts.panels.of(of)?.reload();
}

/** Writes the setting that holds for stages which name no model. */
async function chooseDefaultModel(parts: Parts): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('stagewright');
  const current = configuration.get<ModelReference | null>('chat.defaultModel', null);
  const model = await pickModel({ title: 'Default model of chats', api: parts.api, current, offline: true, none: { label: 'No default model', description: 'a stage without a model asks for one' } });
  if (model === undefined) return;
  await configuration.update('chat.defaultModel', model ?? undefined, vscode.ConfigurationTarget.Global);
  vscode.window.setStatusBarMessage(model ? `$(check) Default model: ${model.provider}/${model.model}` : '$(check) No default model', 8000);
}

async function showActions(parts: Parts): Promise<void> {
  const state = parts.session.state;
  const catalog: Catalog = state.kind === 'running' ? await parts.api.models() : { providers: {} };
  const providers = Object.values(catalog.providers)
    .filter(isAsked)
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
    action('checklist', 'Check Workspace', 'stagewright.checkWorkspace'),
    action('refresh', 'Refresh Models', 'stagewright.refreshModels'),
    action('key', 'Set API Key', 'stagewright.setApiKey'),
    action('gear', 'Open Settings', 'stagewright.openSettings'),
    action('output', 'Show Log', 'stagewright.showLog'),
    action('debug-restart', 'Restart Server', 'stagewright.restartServer'),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Stagewright' });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
}
