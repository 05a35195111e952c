// What people must know before they go on: no provider, failed lists, a model that is gone, a server that is not there.

import { findModel, isGone, readiness, type Readiness } from '../models.ts';
import type { Catalog, ModelReference, ProviderState, View } from '../protocol.ts';
import { post } from './editor.ts';
import { Button, Icon, IconButton, type Dispatch, type PartProps } from './parts.tsx';
import { lastQuestion, type PanelState } from './state.ts';

/** Above the conversation: about the panel as a whole. */
export function Banners({ state, dispatch }: { state: PanelState; dispatch: Dispatch }) {
  const { connection, notice } = state;
  return (
    <>
      {connection.state === 'failed' && (
        <div class="banner error" role="alert">
          <Icon name="error" />
          <div>
            <p>{connection.message}</p>
            <div class="buttons">
              <Button onClick={() => post({ type: 'command', command: 'stagewright.restartServer' })}>Restart</Button>
              <Button onClick={() => post({ type: 'command', command: 'stagewright.showLog' })}>Show log</Button>
            </div>
          </div>
        </div>
      )}
      {connection.state === 'starting' && state.view && (
        <div class="banner info" role="status">
          <Icon name="loading" spin />
          <p>The server is starting.</p>
        </div>
      )}
      {notice && state.view && (
        <div class="banner warning" role="status">
          <Icon name="info" />
          <p>{notice}</p>
          <IconButton icon="close" label="Dismiss" onClick={() => dispatch({ type: 'dismiss', what: 'notice' })} />
        </div>
      )}
    </>
  );
}

/** In place of a workflow that cannot be shown: deleted, say, before its panel was restored. */
export function Unopened({ reason, dispatch }: { reason: string; dispatch: Dispatch }) {
  const retry = (): void => {
    dispatch({ type: 'dismiss', what: 'notice' });
    post({ type: 'ready' });
  };
  return (
    <main class="log">
      <section class="card failure unopened" role="alert">
        <h3>
          <Icon name="error" /> The workflow cannot be opened
        </h3>
        <p>{reason}</p>
        <div class="buttons">
          <Button kind="primary" icon="refresh" onClick={retry}>
            Try again
          </Button>
          <Button onClick={() => post({ type: 'command', command: 'stagewright.openWorkflow' })}>Open another workflow</Button>
        </div>
      </section>
    </main>
  );
}

/** The way to a key; whose, is asked where it is not clear. */
function SetKey({ provider, kind = 'secondary' }: { provider: string | undefined; kind?: 'primary' | 'secondary' }) {
  return (
    <Button kind={kind} icon="key" onClick={() => post({ type: 'command', command: 'stagewright.setApiKey', ...(provider ? { provider } : {}) })}>
      Set API Key
    </Button>
  );
}

/** Next to where one acts: why what was asked for did not happen. */
export function Refusal({ refusal, dispatch }: { refusal: NonNullable<PanelState['refusal']>; dispatch: Dispatch }) {
  return (
    <div class="banner error" role="alert">
      <Icon name="error" />
      <div>
        <p>{refusal.message}</p>
        {refusal.key && (
          <div class="buttons">
            <SetKey provider={refusal.key} />
          </div>
        )}
      </div>
      <IconButton icon="close" label="Dismiss" onClick={() => dispatch({ type: 'dismiss', what: 'refusal' })} />
    </div>
  );
}

/**
 * What keeps the next message from an answer, if anything does: where nothing is said yet it stands in the place of that,
 * before the gate; later above the message.
 */
export function modelNotice({ view, state, dispatch }: PartProps) {
  const { catalog } = state;
  if (state.connection.state !== 'running' || view.workflow.status !== 'active') return null;
  const ready = readiness(catalog, Date.now());
  const model = view.effective.model;
  const provider = model ? catalog?.providers[model.provider] : undefined;
  if (ready.kind === 'unconfigured') return <NoProvider variables={ready.variables} provider={provider?.keyVariable ? model!.provider : undefined} />;
  if (ready.kind === 'failed') return <NoLists failures={ready.failures} />;
  const choose = (): void => dispatch({ type: 'picking', purpose: 'chat' });
  if (provider?.status === 'not-configured') return <NoKey provider={provider} model={model!} choose={choose} />;
  if (model && catalog && isGone(catalog, model)) return <Gone text={goneText(catalog, model)} choose={choose} />;
  return null;
}

function NoProvider({ variables, provider }: { variables: Extract<Readiness, { kind: 'unconfigured' }>['variables']; provider: string | undefined }) {
  return (
    <section class="card notice" aria-label="No provider configured">
      <h3>
        <Icon name="key" /> No provider is configured
      </h3>
      <p>Set an API key, or try the chat with the rehearsal models: built in, offline, with made-up answers.</p>
      <div class="buttons">
        <SetKey provider={provider} kind="primary" />
        <Button onClick={() => post({ type: 'command', command: 'stagewright.useRehearsal' })}>Use rehearsal models</Button>
      </div>
      {variables.length > 0 && (
        <details>
          <summary>Or set an environment variable</summary>
          <dl class="variables">
            {variables.map((v) => (
              <div key={v.variable}>
                <dt>{v.name}</dt>
                <dd>
                  <code>{v.variable}</code>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

function NoLists({ failures }: Pick<Extract<Readiness, { kind: 'failed' }>, 'failures'>) {
  return (
    <section class="card notice warning" aria-label="Models could not be listed">
      <h3>
        <Icon name="warning" /> The models could not be listed
      </h3>
      <ul class="failures">
        {failures.map((failure) => (
          <li key={failure.provider}>
            <b>{failure.name}</b>: {failure.text}
          </li>
        ))}
      </ul>
      <div class="buttons">
        <Button kind="primary" icon="refresh" onClick={() => post({ type: 'refresh' })}>
          Retry
        </Button>
        <SetKey provider={failures.length === 1 ? failures[0]!.provider : undefined} />
        <Button onClick={() => post({ type: 'command', command: 'stagewright.openSettings' })}>Settings</Button>
      </div>
    </section>
  );
}

function NoKey({ provider: { name, keyVariable }, model, choose }: { provider: ProviderState; model: ModelReference; choose: () => void }) {
  return (
    <section class="card notice warning" aria-label={`${name} has no key`}>
      <h3>
        <Icon name="key" /> {name} has no key
      </h3>
      <p>
        {model.model} cannot answer without it.{keyVariable && ` It is read from ${keyVariable}, or kept in VS Code's secret storage.`}
      </p>
      <div class="buttons">
        <SetKey provider={model.provider} kind="primary" />
        <Button onClick={choose}>Choose another model</Button>
      </div>
    </section>
  );
}

function Gone({ text, choose }: { text: string; choose: () => void }) {
  return (
    <section class="card notice warning" role="alert">
      <h3>
        <Icon name="warning" /> This model is not available
      </h3>
      <p>{text} Choose another model to go on; the conversation is kept.</p>
      <div class="buttons">
        <Button kind="primary" onClick={choose}>
          Choose a model
        </Button>
      </div>
    </section>
  );
}

/** What is known of a model that cannot be used. */
function goneText(catalog: Catalog, model: ModelReference): string {
  const provider = catalog.providers[model.provider]?.name ?? model.provider;
  return findModel(catalog, model)?.lifecycle === 'retired' ? `${model.model} is retired at ${provider}.` : `${provider} says that it has no model ${model.model}.`;
}

/** Failures after which another key is what helps. */
const KEY_HELPS = ['auth-failed', 'forbidden'];

/** At the end of the conversation: why there is no answer. */
export function FailureCard({ failure, view, dispatch }: { failure: NonNullable<PanelState['failure']>; view: View; dispatch: Dispatch }) {
  const key = KEY_HELPS.includes(failure.code) ? failure.model?.provider : undefined;
  return (
    <section class="card failure" role="alert">
      <h3>
        <Icon name="error" /> No answer
      </h3>
      <p>{failure.message}</p>
      {lastQuestion(view) && view.workflow.status === 'active' && <RetryButtons same={failure.retryable || key !== undefined} keyOf={key} dispatch={dispatch} />}
    </section>
  );
}

/** In the place of the answer: it was stopped before its first word, or lost, and nobody knows the reason any more. */
export function UnansweredCard({ dispatch }: { dispatch: Dispatch }) {
  return (
    <section class="card unanswered" aria-label="No answer">
      <p>No answer came.</p>
      <RetryButtons same dispatch={dispatch} />
    </section>
  );
}

/** `same`: whether the same model may succeed; `keyOf`: the provider whose key may help. */
function RetryButtons({ same, keyOf, dispatch }: { same: boolean; keyOf?: string | undefined; dispatch: Dispatch }) {
  const retry = (): void => {
    dispatch({ type: 'sending' });
    post({ type: 'retry', model: null });
  };
  return (
    <div class="buttons">
      {keyOf && <SetKey provider={keyOf} kind="primary" />}
      {same && (
        <Button kind={keyOf ? 'secondary' : 'primary'} icon="refresh" onClick={retry}>
          Retry
        </Button>
      )}
      <Button onClick={() => dispatch({ type: 'picking', purpose: 'retry' })}>Retry with another model</Button>
    </div>
  );
}
