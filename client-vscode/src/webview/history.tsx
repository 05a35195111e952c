// All workflows of the workspace, newest first, to go on with.

import { useState } from 'preact/hooks';
import { ageText, workflowFacts, workflowStatusText } from '../text.ts';
import { post } from './editor.ts';
import { Button, Icon, type Dispatch } from './parts.tsx';
import type { PanelState } from './state.ts';

export function History({ state, dispatch }: { state: PanelState; dispatch: Dispatch }) {
  const [query, setQuery] = useState('');
  const list = state.history;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = (list?.workflows ?? []).filter((w) => {
    const text = `${w.id} ${w.title} ${w.template} ${w.requestId} ${w.stageName ?? ''} ${w.status}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const open = (workflowId: string, root: string): void => {
    post({ type: 'open', workflowId, root });
    dispatch({ type: 'historyOpen', open: false });
  };
  return (
    <main class="log history" aria-label="Workflows">
      <div class="history-bar">
        <input type="search" class="input" placeholder="Filter workflows" aria-label="Filter workflows" value={query} onInput={(e) => setQuery(e.currentTarget.value)} />
        <Button icon="add" onClick={() => post({ type: 'command', command: 'stagewright.chatWithStage' })}>
          New
        </Button>
      </div>
      {!list && (
        <p class="loading" role="status">
          <Icon name="loading" spin /> Reading workflows
        </p>
      )}
      {list && shown.length === 0 && <p class="quiet">{query ? 'No workflow matches.' : 'No workflows yet.'}</p>}
      <ul class="workflows">
        {shown.map((w) => {
          const current = w.id === state.view?.workflow.id && w.root === state.view.root;
          return (
            <li key={`${w.root}${w.id}`}>
              <button type="button" class={`workflow ${current ? 'current' : ''}`} aria-current={current ? 'true' : undefined} onClick={() => open(w.id, w.root)}>
                <span class="workflow-title" title={[w.title, w.stageName].filter(Boolean).join(' · ')}>
                  {w.title}
                  {w.stageName && <span class="quiet"> · {w.stageName}</span>}
                </span>
                <span class={`pill ${w.status}`}>{workflowStatusText(w.status)}</span>
                <span class="quiet workflow-facts">
                  {workflowFacts(w)} · {ageText(w.updatedAt, Date.now())}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {list?.problems.map((problem) => (
        <p class="banner warning" key={problem.path}>
          <Icon name="warning" />
          <span>{problem.message}</span>
        </p>
      ))}
    </main>
  );
}
