// Where the next message is written, with the model that will answer it.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { isGone } from '../models.ts';
import type { Effective } from '../protocol.ts';
import { originText, workflowStatusText } from '../text.ts';
import { post } from './editor.ts';
import type { ToPanel } from './messages.ts';
import { modelNotice, Refusal } from './notices.tsx';
import { Button, Icon, IconButton, ModelName, type PartProps } from './parts.tsx';
import { ModelPicker } from './picker.tsx';
import { isEmpty, isUnanswered, lastQuestion, type PanelState } from './state.ts';

export function Composer(props: PartProps) {
  return props.view.workflow.status === 'active' ? <Open {...props} /> : <Closed {...props} />;
}

function Open(props: PartProps) {
  const { view, state, dispatch } = props;
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLButtonElement>(null);
  const { workflow, effective } = view;
  const { draft } = state;
  const gone = effective.model !== null && state.catalog !== null && isGone(state.catalog, effective.model);
  const ready = state.connection.state === 'running' && !state.sending && !state.run && draft.trim() !== '' && effective.model !== null && !gone;
  const send = (): void => {
    if (effective.model === null || gone) return dispatch({ type: 'picking', purpose: 'chat' });
    if (!ready) return;
    // The same again, after no answer came: it is in the conversation already, and is asked for once more.
    const again = isUnanswered(state) && lastQuestion(view)?.content.trim() === draft.trim();
    dispatch({ type: 'sending' });
    if (again) {
      dispatch({ type: 'sent', content: draft });
      dispatch({ type: 'sending' });
      post({ type: 'draft', text: '' });
      post({ type: 'retry', model: null });
    } else post({ type: 'send', content: draft, ...(state.editing ? { replaces: state.editing.id } : {}) });
  };
  const cancelEdit = (): void => {
    dispatch({ type: 'edit', message: null });
    input.current?.focus();
  };

  useSubmitting(send);
  useFittingHeight(input, draft);
  useEditing(input, state);
  const recall = useRecall(props);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) send();
    else if (event.key === 'Escape' && state.editing && !state.run) cancelEdit();
    else if (!recall(event.key)) return;
    event.preventDefault();
  };
  const closePicker = (): void => {
    dispatch({ type: 'picking', purpose: null });
    picker.current?.focus();
  };

  return (
    <footer class="composer">
      {!isEmpty(view, state.run) && modelNotice(props)}
      {state.refusal && <Refusal refusal={state.refusal} dispatch={dispatch} />}
      {state.editing && <Editing cancel={cancelEdit} />}
      <div class="input-box">
        {state.picking && (
          <ModelPicker
            {...props}
            title={state.picking === 'retry' ? 'Retry with' : 'Model for this stage'}
            withDefault={state.picking === 'chat'}
            onChoose={(model) => {
              if (state.picking === 'chat') post({ type: 'setModel', model });
              else if (model) {
                dispatch({ type: 'sending' });
                post({ type: 'retry', model });
              }
              closePicker();
              input.current?.focus();
            }}
            onClose={closePicker}
          />
        )}
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          value={draft}
          aria-label="Message"
          placeholder={`Message to ${workflow.stages[workflow.currentStage]?.name ?? 'the stage'}`}
          onInput={(event) => {
            const text = event.currentTarget.value;
            dispatch({ type: 'write', text });
            post({ type: 'draft', text });
          }}
          onKeyDown={onKeyDown}
        />
        <div class="input-row">
          <ModelButton button={picker} effective={effective} gone={gone} open={state.picking !== null} onClick={() => dispatch({ type: 'picking', purpose: state.picking ? null : 'chat' })} />
          <span class="spacer" />
          <IconButton icon="eye" label="See what is sent" onClick={() => post({ type: 'preview', content: draft })} />
          {state.run ? (
            <Button kind="secondary" icon="debug-stop" onClick={() => post({ type: 'stop', runId: state.run!.runId })}>
              Stop
            </Button>
          ) : (
            <button type="button" class="button primary send" disabled={!ready} title="Send (Enter); Shift+Enter begins a new line" onClick={send}>
              <Icon name={state.sending ? 'loading' : 'send'} spin={state.sending} />
              Send
            </button>
          )}
        </div>
      </div>
    </footer>
  );
}

/** What is said above a message that takes the place of one that was sent. */
function Editing({ cancel }: { cancel: () => void }) {
  return (
    <div class="editing" role="status">
      <Icon name="edit" />
      <span>Editing your last message. It is sent as a new one; the earlier stays in the record and is not sent again.</span>
      <IconButton icon="close" label="Cancel editing" onClick={cancel} />
    </div>
  );
}

/** The model that will answer, and the way to another. */
function ModelButton({ button, effective: { model, origin }, gone, open, onClick }: { button: RefObject<HTMLButtonElement | null>; effective: Effective; gone: boolean; open: boolean; onClick: () => void }) {
  return (
    <button
      ref={button}
      type="button"
      class={`model-button ${gone ? 'gone' : ''}`}
      aria-haspopup="dialog"
      aria-expanded={open}
      title={model ? `Model: ${model.provider}/${model.model} (${originText(origin)}). Choose another.` : 'Choose a model'}
      onClick={onClick}
    >
      <Icon name={gone ? 'warning' : 'sparkle'} />
      {model ? <ModelName model={model} /> : <span>Choose a model</span>}
      {model && <span class="origin">{originText(origin)}</span>}
      <Icon name="chevron-down" />
    </button>
  );
}

/** Sends when the host says so: by a command of the editor. */
function useSubmitting(send: () => void): void {
  const sendNow = useRef(send);
  sendNow.current = send;
  useEffect(() => {
    const receive = (event: MessageEvent<ToPanel>): void => {
      if (event.data.type === 'submit') sendNow.current();
    };
    window.addEventListener('message', receive);
    return () => window.removeEventListener('message', receive);
  }, []);
}

/** Keeps the box as high as its text. */
function useFittingHeight(input: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const box = input.current!;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight + 2}px`;
  }, [text]);
}

/** Puts the cursor into a message that is begun to be edited; once that ends, what was written before is unsent again. */
function useEditing(input: RefObject<HTMLTextAreaElement | null>, { editing, draft }: PanelState): void {
  const wasEditing = useRef(false);
  useLayoutEffect(() => { // at once: what is typed next is for the message
    if (wasEditing.current && !editing) post({ type: 'draft', text: draft });
    wasEditing.current = editing !== null;
    if (!editing) return;
    input.current!.focus();
    input.current!.setSelectionRange(draft.length, draft.length);
  }, [editing?.id]);
}

/** ArrowUp in an empty message brings back what was said before, again what was said before that; ArrowDown goes back. */
function useRecall({ view, state, dispatch }: PartProps): (key: string) => boolean {
  const place = useRef(0); // 0: nothing is recalled, 1: the newest
  return (key) => {
    const said = view.workflow.messages.filter((message) => message.role === 'human').map((message) => message.content);
    const shown = place.current > 0 && said.at(-place.current) === state.draft;
    if (!shown) place.current = 0;
    const next = place.current + ({ ArrowUp: 1, ArrowDown: -1 }[key] ?? 0);
    if (next === place.current || next < 0 || next > said.length || (!shown && state.draft !== '')) return false;
    place.current = next;
    dispatch({ type: 'write', text: next === 0 ? '' : said.at(-next)! });
    return true;
  };
}

/** In place of the composer when nothing can be said any more, or not now. */
function Closed({ view, state, dispatch }: PartProps) {
  const { workflow } = view;
  return (
    <footer class="composer closed">
      {state.refusal && <Refusal refusal={state.refusal} dispatch={dispatch} />}
      <p>
        <Icon name={workflow.status === 'completed' ? 'pass-filled' : workflow.status === 'paused' ? 'debug-pause' : 'circle-slash'} />
        {workflow.status === 'paused' ? 'The workflow is paused.' : `${workflowStatusText(workflow.status)}. This chat is read-only.`}
      </p>
      {workflow.status === 'paused' ? (
        <Button kind="primary" icon="debug-continue" onClick={() => post({ type: 'status', status: 'active' })}>
          Resume
        </Button>
      ) : (
        <Button icon="add" onClick={() => post({ type: 'command', command: 'stagewright.chatWithStage' })}>
          New chat
        </Button>
      )}
    </footer>
  );
}
