// The chat panel: state by `reduce`, drawn with Preact, whose keyed updates keep focus, caret and scroll while an
// answer streams.

import { render } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';
import { Composer } from './composer.tsx';
import { post } from './editor.ts';
import { useFocusHome } from './focus.ts';
import { Header } from './header.tsx';
import { History } from './history.tsx';
import { Log } from './log.tsx';
import { Sent } from './preview.tsx';
import type { ToPanel } from './messages.ts';
import { Banners, Unopened } from './notices.tsx';
import { initialState, reduce } from './state.ts';

function Panel() {
  const [state, dispatch] = useReducer(reduce, initialState);
  useEffect(() => {
    const receive = (event: MessageEvent<ToPanel>): void => dispatch(event.data);
    window.addEventListener('message', receive);
    post({ type: 'ready' });
    return () => window.removeEventListener('message', receive);
  }, []);
  const runId = state.run?.runId;
  useEffect(() => {
    // Here, not as a key of the editor's: that would count wherever the focus is, in the palette too.
    const stop = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && runId) post({ type: 'stop', runId });
    };
    document.addEventListener('keydown', stop);
    return () => document.removeEventListener('keydown', stop);
  }, [runId]);
  useFocusHome();
  const { view } = state;
  if (!view)
    return (
      <div class="panel">
        <Banners state={state} dispatch={dispatch} />
        {state.connection.state !== 'failed' && (state.notice ? <Unopened reason={state.notice} dispatch={dispatch} /> : <Skeleton />)}
      </div>
    );
  return (
    <div class="panel" data-ready={state.catalog !== null && state.connection.state === 'running'}>
      <Header view={view} state={state} dispatch={dispatch} />
      <Banners state={state} dispatch={dispatch} />
      {state.historyOpen ? <History state={state} dispatch={dispatch} /> : state.preview ? <Sent preview={state.preview} dispatch={dispatch} /> : <Log view={view} state={state} dispatch={dispatch} />}
      <Composer view={view} state={state} dispatch={dispatch} />
    </div>
  );
}

function Skeleton() {
  return (
    <p class="loading" role="status">
      <i class="codicon codicon-loading codicon-modifier-spin" aria-hidden="true" /> Opening the workflow
    </p>
  );
}

render(<Panel />, document.getElementById('root')!);
