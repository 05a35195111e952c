// The conversation: messages in order, the answer under way, what failed, and the gate at its end.

import DOMPurify from 'dompurify';
import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Message, Run } from '../protocol.ts';
import { answerFacts, timeText } from '../text.ts';
import { post } from './editor.ts';
import { GateCard } from './gate.tsx';
import { renderGrowing, renderMarkdown, SANITIZE } from './markdown.ts';
import { FailureCard, UnansweredCard } from './notices.tsx';
import { Badge, Icon, IconButton, type Dispatch, type PartProps } from './parts.tsx';
import { isUnanswered, lastQuestion, logItems, type LogItem } from './state.ts';

export function Log({ view, state, dispatch }: PartProps) {
  const items = useMemo(() => logItems(view, state.run), [view, state.run?.messageId]);
  const lastAnswer = items.findLast((item) => item.kind === 'answer')?.key;
  const unanswered = isUnanswered(state);
  const again = view.workflow.status === 'active' && !state.run && !unanswered && lastQuestion(view) !== null;
  const box = useFollowing([items, state.run?.text.length, state.failure, unanswered]);
  const empty = !items.some((item) => item.kind !== 'stage') && !state.run;
  return (
    <main class="log" ref={box} tabIndex={0} aria-label="Conversation" onClick={copyCode}>
      <div class="messages" role="log" aria-live="polite" aria-relevant="additions" aria-busy={state.run !== null}>
        {items.map((item) => (
          <Item key={item.key} item={item} retry={again && item.key === lastAnswer} dispatch={dispatch} />
        ))}
        {state.run && <Streaming key={state.run.messageId} run={state.run} />}
      </div>
      {empty && <Empty />}
      {state.failure && !state.run ? <FailureCard failure={state.failure} view={view} dispatch={dispatch} /> : unanswered && <UnansweredCard dispatch={dispatch} />}
      {!state.run && <GateCard view={view} />}
    </main>
  );
}

function Empty() {
  return (
    <div class="empty">
      <Icon name="comment-discussion" />
      <p>Nothing said in this stage yet.</p>
      <p class="quiet">The stage's prompt goes to the model with your first message.</p>
    </div>
  );
}

const Item = memo(function Item({ item, retry, dispatch }: { item: LogItem; retry: boolean; dispatch: Dispatch }) {
  switch (item.kind) {
    case 'stage':
      return (
        <h2 class="stage-heading">
          <span>{item.stage.name}</span>
        </h2>
      );
    case 'note':
      return (
        <p class="note">
          <Icon name={item.icon} /> {item.text}
        </p>
      );
    case 'human':
      return (
        <article class="message human" aria-label="You">
          <div class="bubble" dir="auto" title={timeText(item.message.timestamp)}>
            {item.message.content}
          </div>
        </article>
      );
    case 'answer':
      return <Answer message={item.message} retry={retry} dispatch={dispatch} />;
  }
});

function Answer({ message, retry, dispatch }: { message: Message; retry: boolean; dispatch: Dispatch }) {
  const html = useMemo(() => toHtml(message.content), [message.content]);
  const { model, metadata } = message;
  return (
    <article class="message answer" aria-label={model ? `Answer of ${model.provider}/${model.model}` : 'Answer'}>
      <div class="answer-head">
        {model ? <Badge model={model} facts={answerFacts(metadata, message.timestamp)} /> : <span class="quiet">Model not recorded</span>}
        <div class="actions">
          <IconButton icon="copy" label="Copy answer" onClick={() => post({ type: 'copy', text: message.content })} />
          {retry && <IconButton icon="refresh" label="Retry with another model" onClick={() => dispatch({ type: 'picking', purpose: 'retry' })} />}
        </div>
      </div>
      <div class="markdown" dangerouslySetInnerHTML={{ __html: html }} />
      {metadata?.partial && (
        <p class="partial">
          <Icon name="debug-disconnect" /> {partialText(metadata.stopReason)}
        </p>
      )}
    </article>
  );
}

/** Without a reason nothing could be said any more: the server was ended from outside. */
function partialText(reason: string | undefined): string {
  const why = { stopped: 'Stopped', shutdown: 'Broke off when the editor or its server closed' }[reason ?? 'shutdown'] ?? `Broke off: ${reason!.replace(/\.$/, '')}`;
  return `${why}. What had arrived is kept.`;
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

/** Keeps the end in sight as long as the reader has not scrolled away from it. */
function useFollowing(changes: readonly unknown[]) {
  const box = useRef<HTMLElement>(null);
  const following = useRef(true);
  useEffect(() => {
    const element = box.current!;
    const onScroll = (): void => {
      following.current = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
    };
    const follow = (): void => {
      if (following.current) element.scrollTop = element.scrollHeight;
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
    if (following.current) box.current!.scrollTop = box.current!.scrollHeight;
  }, changes);
  return box;
}

function copyCode(event: MouseEvent): void {
  const button = (event.target as Element).closest('.copy-code');
  const code = button?.closest('.code')?.querySelector('code');
  if (code) post({ type: 'copy', text: code.textContent ?? '' });
}
