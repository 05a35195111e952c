// What a workflow is about, and what its stages see of each other: asked by quick picks, from panel and palette alike.

import * as vscode from 'vscode';
import { log } from '../log.ts';
import type { Context, ContextMode, RequestList, View, WorkflowKey } from '../protocol.ts';
import type { Api } from '../server/api.ts';

interface RequestItem extends vscode.QuickPickItem {
  /** Null: no request. */
  readonly requestId: string | null;
}

/**
 * Asks what the work is about: one of the folder's requests, a title that is typed, or nothing. The id or title, null to
 * go on without, undefined when the question was left.
 */
export function askRequest(api: Api, root: string | undefined): Promise<string | null | undefined> {
  const pick = vscode.window.createQuickPick<RequestItem>();
  pick.title = 'What is the work about?';
  pick.placeholder = 'Type a title, such as “Retry failed payments”, choose a request, or press Enter to skip';
  pick.matchOnDescription = true;
  let requests: RequestList['requests'] = [];
  const fill = (): void => void (pick.items = requestItems(requests, pick.value.trim()));
  fill();
  pick.busy = true; // a title can be typed before the server is there
  void api
    .requests(root)
    .then((list) => {
      requests = list.requests;
      for (const problem of list.problems) void vscode.window.showWarningMessage(problem);
      fill();
    })
    .catch((error: unknown) => log.warn(`Requests could not be listed: ${String(error)}`)) // what keeps a chat from being begun says so then
    .finally(() => (pick.busy = false));
  return new Promise((resolve) => {
    pick.onDidChangeValue(fill);
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (!item) return;
      resolve(item.requestId);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** What is typed comes first, unless it only looks for a request; without it, going on without is what Enter does. */
function requestItems(requests: RequestList['requests'], typed: string): RequestItem[] {
  const rows = requests.map(({ id, title, status }) => ({ label: title || id, description: [title ? id : '', status].filter(Boolean).join(' · '), requestId: id }));
  const words = typed.toLowerCase().split(/\s+/);
  const found = rows.some(({ label, description }) => words.every((word) => `${label} ${description}`.toLowerCase().includes(word)));
  const own: RequestItem = { label: `$(edit) ${typed}`, description: 'use this title', alwaysShow: true, requestId: typed };
  const skip: RequestItem = { label: '$(arrow-right) Skip', description: 'the work has no request or title', requestId: null };
  if (!typed) return [skip, ...rows];
  return found ? [...rows, own] : [own];
}

/** Says anew what a workflow is about; null when it is left as it is. */
export async function changeRequest(api: Api, key: WorkflowKey): Promise<View | null> {
  const requestId = await askRequest(api, key.root);
  return requestId === undefined ? null : api.setRequest(key, requestId);
}

const MODES: readonly (readonly [ContextMode, string, string])[] = [
  ['answers', 'Answers of earlier stages', 'the last answer of each goes ahead'],
  ['stage', 'This stage only', 'nothing of earlier stages is sent'],
  ['workflow', 'Everything', 'all that was said in earlier stages goes ahead'],
];

/** Asks what the stage's model sees of earlier stages, and sets it for this chat; null when it is left as it is. */
export async function chooseContext(api: Api, key: WorkflowKey): Promise<View | null> {
  const { context } = await api.workflow(key);
  if (!context) return null;
  const items = [
    ...MODES.map(([mode, label, description]) => ({ label: `$(${mode === context.mode ? 'check' : 'blank'}) ${label}`, description, ...(mode === context.mode ? { detail: detailOf(context) } : {}), mode })),
    ...(context.chosen ? [{ label: '$(discard) As the settings say', description: 'stagewright.chat.context', mode: null }] : []),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'What does this stage see of earlier ones?' });
  return chosen ? api.setContext(key, chosen.mode) : null;
}

const detailOf = ({ words, notes }: Context): string => [words, ...notes].join(' · ');
