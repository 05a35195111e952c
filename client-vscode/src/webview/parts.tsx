// Small pieces that several parts of the panel use.

import type { ComponentChildren } from 'preact';
import type { ModelReference, View } from '../protocol.ts';
import type { ToPanel } from './messages.ts';
import type { PanelAction, PanelState } from './state.ts';

export type Dispatch = (event: ToPanel | PanelAction) => void;

export interface PartProps {
  readonly view: View;
  readonly state: PanelState;
  readonly dispatch: Dispatch;
}

export function Icon({ name, spin = false }: { name: string; spin?: boolean }) {
  return <i class={`codicon codicon-${name}${spin ? ' codicon-modifier-spin' : ''}`} aria-hidden="true" />;
}

export function IconButton(props: { icon: string; label: string; onClick: () => void; pressed?: boolean; class?: string }) {
  return (
    <button type="button" class={`icon-button ${props.class ?? ''}`} title={props.label} aria-label={props.label} aria-pressed={props.pressed} onClick={props.onClick}>
      <Icon name={props.icon} />
    </button>
  );
}

/** The second click of a double click was meant for what stood here before. */
export function Button(props: { children: ComponentChildren; onClick: () => void; kind?: 'primary' | 'secondary'; icon?: string; title?: string | undefined }) {
  return (
    <button type="button" class={`button ${props.kind ?? 'secondary'}`} title={props.title} onClick={(event) => event.detail <= 1 && props.onClick()}>
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </button>
  );
}

/** Provider and model, always both, the provider quieter. */
export function ModelName({ model }: { model: ModelReference }) {
  return (
    <span class="model-name">
      <span class="provider">{model.provider}</span>
      <span class="slash">/</span>
      <span class="model">{model.model}</span>
    </span>
  );
}

/** Which model spoke; what else is known of the answer shows on hover and on focus. */
export function Badge({ model, facts }: { model: ModelReference; facts: readonly string[] }) {
  return (
    <span class="badge" tabIndex={facts.length > 0 ? 0 : -1} role="note" aria-label={[`${model.provider}/${model.model}`, ...facts].join('. ')}>
      <Icon name="sparkle" />
      <ModelName model={model} />
      {facts.length > 0 && (
        <span class="tooltip" aria-hidden="true">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </span>
      )}
    </span>
  );
}
