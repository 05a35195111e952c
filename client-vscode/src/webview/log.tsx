// The conversation: messages in order, the answer under way, what failed, and the gate at its end.

import DOMPurify from 'dompurify';
import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Context, Ending, Message, ModelReference, Outcome, Run } from '../protocol.ts';
import { answerFacts, timeText } from '../text.ts';
import { post } from './editor.ts';
import { GateCard } from './gate.tsx';
import { renderGrowing, renderMarkdown, SANITIZE } from './markdown.ts';
import { FailureCard, modelNotice, UnansweredCard } from './notices.tsx';
import { Badge, Button, Icon, IconButton, type Dispatch, type PartProps } from './parts.tsx';
import { isEmpty, isUnanswered, lastQuestion, logItems, unfinished, type LogItem } from './state.ts';

export function Log(props: PartProps) {
  const { view, state, dispatch } = props;
  const items = useMemo(() => logItems(view, state.run), [view, state.run?.messageId]);
  const lastAnswer = items.findLast((item) => item.kind === 'answer')?.key;
  const unanswered = isUnanswered(state);
  const again = view.workflow.status === 'active' && !state.run && !unanswered && lastQuestion(view) !== null;
  const editable = view.workflow.status === 'active' && !state.run ? lastQuestion(view)?.id : undefined;
  const goesOn = again ? unfinished(view)?.id : undefined;
  /** What an item shows beside its message; null and strings, which keep it from being drawn again when nothing changed. */
  const about = (item: LogItem): About => ({
    context: item.kind === 'stage' && item.index === view.workflow.currentStage && item.index > 0 ? view.context : null,
    ending: item.kind === 'answer' ? (view.endings[item.key] ?? null) : null,
    goesOn: item.key === goesOn,
  });
  const empty = isEmpty(view, state.run);
  const { box, away, jump } = useFollowing(!empty, [items, state.run?.text.length, state.failure, unanswered]);
  return (
    <div class="log-area">
      <main class="log" ref={box} tabIndex={0} aria-label="Conversation" onClick={copyCode}>
        <div class="messages" role="log" aria-live="polite" aria-relevant="additions" aria-busy={state.run !== null}>
          {items.map((item) => (
            <Item key={item.key} item={item} retry={again && item.key === lastAnswer} edit={item.key === editable} dispatch={dispatch} {...about(item)} />
          ))}
          {state.run && <Streaming key={state.run.messageId} run={state.run} />}
        </div>
        {empty && (modelNotice(props) ?? <Empty />)}
        {state.failure && !state.run ? <FailureCard failure={state.failure} view={view} dispatch={dispatch} /> : unanswered && <UnansweredCard dispatch={dispatch} />}
        {!state.run && <GateCard view={view} />}
      </main>
      {away && (
        <button type="button" class="jump" title="Jump to latest" aria-label="Jump to latest" onClick={jump}>
          <Icon name="arrow-down" />
        </button>
      )}
    </div>
  );
}

function Empty() {
  return (
    <div class="empty">
      <Icon name="comment-discussion" />
      <p>Nothing said in this stage yet.</p>
      <p class="quiet">The stage's prompt goes to the model with your first message.</p>
      <Button icon="eye" onClick={() => post({ type: 'preview' })}>
        See what is sent
      </Button>
    </div>
  );
}

interface About {
  readonly context: Context | null;
  readonly ending: Outcome | null;
  readonly goesOn: boolean;
}

interface ItemProps extends About {
  readonly item: LogItem;
  readonly retry: boolean;
  readonly edit: boolean;
  readonly dispatch: Dispatch;
}

const Item = memo(function Item({ item, retry, edit, dispatch, context, ending, goesOn }: ItemProps) {
  switch (item.kind) {
    case 'stage':
      return (
        <div class="divider">
          <h2 class="stage-heading">
            <span>{item.stage.name}</span>
          </h2>
          {context && <Sees context={context} />}
        </div>
      );
    case 'earlier':
      return <Earlier items={item.items} dispatch={dispatch} />;
    case 'note':
      return (
        <p class="note">
          <Icon name={item.icon} /> {item.text}
        </p>
      );
    case 'human':
      return (
        <article class="message human" aria-label="You">
          {edit && <IconButton icon="edit" label="Edit this message" onClick={() => dispatch({ type: 'edit', message: item.message })} />}
          <div class="bubble" dir="auto" title={timeText(item.message.timestamp)}>
            {item.message.content}
          </div>
        </article>
      );
    case 'answer':
      return <Answer message={item.message} retry={retry} ending={ending} goesOn={goesOn} dispatch={dispatch} />;
  }
});

/** Below a stage's name: what its model sees of earlier stages, to be changed for this chat. */
function Sees({ context }: { context: Context }) {
  return (
    <>
      <button type="button" class="sees" title="Choose what this stage sees of earlier ones" onClick={() => post({ type: 'context' })}>
        {context.words} <Icon name="chevron-down" />
      </button>
      {context.notes.map((note) => (
        <p class="note" key={note}>
          <Icon name="warning" /> {note}
        </p>
      ))}
    </>
  );
}

/** What was said before it was said anew: folded, and not drawn before it is looked at. */
function Earlier({ items, dispatch }: { items: readonly LogItem[]; dispatch: Dispatch }) {
  const [open, setOpen] = useState(false);
  const count = items.filter((item) => item.kind === 'human' || item.kind === 'answer').length;
  return (
    <details class="earlier" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{count === 1 ? 'Earlier version' : `Earlier version, ${count} messages`}, not sent any more</summary>
      {open && items.map((item) => <Item key={item.key} item={item} retry={false} edit={false} dispatch={dispatch} context={null} ending={null} goesOn={false} />)}
    </details>
  );
}

interface AnswerProps extends Omit<About, 'context'> {
  readonly message: Message;
  readonly retry: boolean;
  readonly dispatch: Dispatch;
}

function Answer({ message, retry, ending, goesOn, dispatch }: AnswerProps) {
  const html = useMemo(() => toHtml(message.content), [message.content]);
  const { model, metadata } = message;
  return (
    <article class="message answer" aria-label={model ? `Answer of ${model.provider}/${model.model}` : 'Answer'}>
      <div class="answer-head">
        {model ? <Badge model={model} facts={answerFacts(metadata, message.timestamp)} /> : <span class="quiet">Model not recorded</span>}
        <div class="actions">
          <IconButton icon="copy" label="Copy answer" onClick={() => post({ type: 'copy', text: message.content })} />
          <IconButton icon="eye" label="See what was sent" onClick={() => post({ type: 'preview', messageId: message.id })} />
          {retry && <Regenerate model={model ?? null} dispatch={dispatch} />}
        </div>
      </div>
      {metadata?.reasoning && <Reasoning text={metadata.reasoning} />}
      <div class="markdown" dangerouslySetInnerHTML={{ __html: html }} />
      {ending && (
        <div class="partial">
          <Icon name={ENDING[ending.ended].icon} />
          <p>
            {ending.reason} {ENDING[ending.ended].kept}
          </p>
          {goesOn && (
            <Button icon="debug-continue" onClick={() => goOn(dispatch)}>
              Continue
            </Button>
          )}
        </div>
      )}
    </article>
  );
}

/** Another answer in the place of the last: by the model that gave it, or one from the list. */
function Regenerate({ model, dispatch }: { model: ModelReference | null; dispatch: Dispatch }) {
  const again = (): void => {
    dispatch({ type: 'sending' });
    post({ type: 'retry', model });
  };
  return (
    <>
      <IconButton icon="refresh" label={model ? `Regenerate with ${model.model}` : 'Regenerate'} onClick={again} />
      <IconButton icon="chevron-down" class="narrow-button" label="Regenerate with another model" onClick={() => dispatch({ type: 'picking', purpose: 'retry' })} />
    </>
  );
}

/** What stands behind the reason, by how an answer ended; that of a broken one says what is kept. */
const ENDING: Readonly<Record<Ending, { readonly icon: string; readonly kept: string }>> = {
  whole: { icon: 'pass', kept: '' },
  cut: { icon: 'warning', kept: 'The answer is cut off.' },
  broken: { icon: 'debug-disconnect', kept: '' },
  stopped: { icon: 'debug-stop', kept: 'The partial answer is kept.' },
};

function goOn(dispatch: Dispatch): void {
  dispatch({ type: 'sending' });
  post({ type: 'continue' });
}

/** What the model thought before it answered: folded, and not drawn before it is looked at. */
function Reasoning({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  const html = useMemo(() => (open ? toHtml(text) : ''), [open, text]);
  return (
    <details class="reasoning" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Reasoning</summary>
      <div class="markdown" dangerouslySetInnerHTML={{ __html: html }} />
    </details>
  );
}

function Streaming({ run }: { run: Run }) {
  const shown = useGrowing(run.text);
  return (
    <article class="message answer streaming" aria-label={`Answer of ${run.model.provider}/${run.model.model}, under way`}>
      <div class="answer-head">
        <Badge model={run.model} facts={[]} />
        <span class="quiet" role="status">
          <Icon name="loading" spin /> {run.text === '' ? 'Waiting for the first words' : 'Answering'}
        </span>
      </div>
      <div class="markdown" ref={shown} />
    </article>
  );
}

const toHtml = (text: string): string => DOMPurify.sanitize(renderMarkdown(text), SANITIZE);

/** An element that shows a growing text; the longer that takes, the longer the pause before it is done again. */
function useGrowing(text: string) {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(text);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const pause = useRef(30);
  latest.current = text;
  const show = (): void => {
    timer.current = null;
    const begin = performance.now();
    putUp(element.current!, DOMPurify.sanitize(renderGrowing(latest.current), { ...SANITIZE, RETURN_DOM_FRAGMENT: true }));
    pause.current = Math.min(2000, Math.max(30, (performance.now() - begin) * 5));
  };
  useLayoutEffect(() => {
    show();
    return () => clearTimeout(timer.current ?? undefined); // a layout effect's: the others are undone after the element is gone
  }, []);
  useEffect(() => {
    timer.current ??= setTimeout(show, pause.current);
  }, [text]);
  return element;
}

/** Blocks that are as they were stay where they are, with what the reader has selected in them. */
function putUp(element: Element, whole: DocumentFragment): void {
  let kept = 0;
  while (whole.firstChild && element.childNodes[kept]?.isEqualNode(whole.firstChild)) {
    whole.firstChild.remove();
    kept++;
  }
  while (element.childNodes.length > kept) element.lastChild!.remove();
  element.append(whole);
}

/** Keeps the end in sight, where there is a conversation, as long as the reader has not scrolled away from it; `jump` leads back. */
function useFollowing(talking: boolean, changes: readonly unknown[]) {
  const box = useRef<HTMLElement>(null);
  const following = useRef(true);
  const begun = useRef(talking);
  begun.current = talking;
  const [away, setAway] = useState(false);
  useEffect(() => {
    const element = box.current!;
    const onScroll = (): void => {
      if (!begun.current) return;
      following.current = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
      setAway(!following.current);
    };
    const follow = (): void => {
      if (begun.current && following.current) element.scrollTop = element.scrollHeight;
    };
    const observer = new ResizeObserver(follow);
    for (const child of element.children) observer.observe(child);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, []);
  useLayoutEffect(() => {
    if (talking && following.current) box.current!.scrollTop = box.current!.scrollHeight;
  }, changes);
  const jump = (): void => {
    following.current = true;
    box.current!.scrollTop = box.current!.scrollHeight;
  };
  return { box, away, jump };
}

function copyCode(event: MouseEvent): void {
  const button = (event.target as Element).closest('.copy-code');
  const code = button?.closest('.code')?.querySelector('code');
  if (code) post({ type: 'copy', text: code.textContent ?? '' });
}
