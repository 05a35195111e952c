// Choosing a model: grouped by provider, filtered as one types, by keyboard or mouse.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { besideId, boundGroups, filterGroups, modelGroups, type Group, type Row } from '../models.ts';
import { sameModel, type ModelReference } from '../protocol.ts';
import { originText } from '../text.ts';
import { post } from './editor.ts';
import { Icon, IconButton, type PartProps } from './parts.tsx';

/** More rows than anybody reads make the panel slow: the filter finds the others. */
const MOST_ROWS = 200;

interface PickerProps extends PartProps {
  readonly title: string;
  /** Whether to go back to the default can be chosen too, where there is one. */
  readonly withDefault: boolean;
  readonly onChoose: (model: ModelReference | null) => void;
  readonly onClose: () => void;
}

export function ModelPicker({ view, state, title, onChoose, onClose, ...props }: PickerProps) {
  const withDefault = props.withDefault && view.default.model !== null;
  const [query, setQuery] = useState('');
  const current = view.effective.model;
  const groups = useMemo(() => (state.catalog ? modelGroups(state.catalog, current, Date.now()) : []), [state.catalog, current]);
  const { shown, more } = useMemo(() => boundGroups(filterGroups(groups, query), MOST_ROWS), [groups, query]);
  const choices = [
    ...(withDefault && query === '' ? [null] : []),
    ...shown.flatMap((group) => group.rows.filter((row) => row.mark !== 'unavailable').map((row) => row.model)),
  ];
  const [reached, setReached] = useState<ModelReference | null>(); // by arrow keys; lists that come meanwhile do not move it
  const place = reached === undefined ? -1 : choices.findIndex((choice) => choice === reached || sameModel(choice, reached));
  const selected = place >= 0 ? place : preselected(choices, current, query);
  const dialog = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const filter = useRef<HTMLInputElement>(null);

  useLayoutEffect(() => { // at once: what is typed next is for the filter
    filter.current?.focus({ preventScroll: true });
    const outside = (event: MouseEvent): void => {
      const target = event.target as Element;
      if (!dialog.current?.contains(target) && !target.closest('.model-button')) onClose();
    };
    document.addEventListener('mousedown', outside);
    return () => document.removeEventListener('mousedown', outside);
  }, []);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected, shown]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) setReached(choices[Math.max(0, Math.min(choices.length - 1, selected + step))]);
    else if (event.key === 'Enter' && event.target === filter.current && choices[selected] !== undefined) onChoose(choices[selected]);
    else if (event.key === 'Escape') onClose();
    else if (event.key === 'Tab') cycle(dialog.current!, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="picker" role="dialog" aria-modal="true" aria-label={title} ref={dialog} onKeyDown={onKeyDown}>
      <div class="picker-bar">
        <input
          class="input"
          role="combobox"
          aria-label={`${title}: filter`}
          aria-expanded="true"
          aria-controls="model-list"
          aria-activedescendant={selected < 0 ? undefined : `model-${selected}`}
          placeholder={`${title} …`}
          value={query}
          ref={filter}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setReached(undefined);
          }}
        />
        <IconButton icon="refresh" label="Ask the providers again" onClick={() => post({ type: 'refresh' })} />
        <IconButton icon="key" label="Set an API key" onClick={() => post({ type: 'command', command: 'stagewright.setApiKey' })} />
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      {/* The focus stays in the filter, whatever is clicked: the keys go on working. */}
      <div class="picker-list" id="model-list" role="listbox" aria-label="Models" ref={list} onMouseDown={(event) => event.preventDefault()}>
        {withDefault && query === '' && (
          <Option id={0} selected={selected === 0} current={false} onChoose={() => onChoose(null)}>
            <span class="option-id">Default</span>
            <span class="option-facts">{`${view.default.model!.provider}/${view.default.model!.model} · ${originText(view.default.origin)}`}</span>
          </Option>
        )}
        {state.catalog === null && (
          <p class="loading" role="status">
            <Icon name="loading" spin /> Loading models
          </p>
        )}
        {shown.map((group) => (
          <div key={group.provider} role="group" aria-label={`${group.name}, ${group.note}`}>
            <GroupHead group={group} />
            {group.rows.map((row) =>
              row.mark === 'unavailable' ? (
                <Unavailable key={row.model.model} row={row} />
              ) : (
                <ModelOption key={row.model.model} id={choices.indexOf(row.model)} row={row} selected={row.model === choices[selected]} onChoose={() => onChoose(row.model)} />
              ),
            )}
          </div>
        ))}
        {more > 0 && <p class="quiet hint">{more} more: type to narrow them down.</p>}
        {state.catalog !== null && shown.length === 0 && <p class="quiet hint">{query ? `No model matches “${query}”.` : 'No provider has a model to offer.'}</p>}
      </div>
    </div>
  );
}

/** Tab stays inside the dialog: what lies behind it waits for the choice. */
function cycle(dialog: Element, backwards: boolean): void {
  const stops = [...dialog.querySelectorAll<HTMLElement>('input, button')];
  const next = stops.indexOf(document.activeElement as HTMLElement) + (backwards ? -1 : 1);
  stops.at(next % stops.length)!.focus();
}

function GroupHead({ group }: { group: Group }) {
  const failed = group.status !== 'ok' && group.status !== 'no-list' && group.status !== 'loading';
  return (
    <div class={`group-head ${failed ? 'failed' : ''}`} title={group.error ?? undefined}>
      <span>{group.name}</span>
      <span class="quiet">
        {group.status === 'loading' && <Icon name="loading" spin />}
        {failed && <Icon name="warning" />}
        {group.note}
      </span>
    </div>
  );
}

function Option(props: { id: number; selected: boolean; current: boolean; onChoose: () => void; class?: string; children: preact.ComponentChildren }) {
  return (
    <div class={`option ${props.class ?? ''}`} id={`model-${props.id}`} role="option" aria-selected={props.selected} onClick={props.onChoose}>
      <span class="check">{props.current && <Icon name="check" />}</span>
      <span class="option-text">{props.children}</span>
    </div>
  );
}

function ModelOption({ id, row, selected, onChoose }: { id: number; row: Row; selected: boolean; onChoose: () => void }) {
  return (
    <Option id={id} selected={selected} current={row.current} class={row.mark} onChoose={onChoose}>
      <span class="option-id">{row.model.model}</span>
      <span class="option-facts">
        {row.mark === 'retiring' && <Icon name="warning" />}
        {besideId(row)}
      </span>
    </Option>
  );
}

/** Shown, so that nobody wonders where it went; not to be chosen. */
function Unavailable({ row }: { row: Row }) {
  return (
    <div class="option unavailable" role="option" aria-disabled="true" aria-selected="false">
      <span class="check">{row.current ? <Icon name="warning" /> : <Icon name="circle-slash" />}</span>
      <span class="option-text">
        <span class="option-id">{row.model.model}</span>
        <span class="option-facts">{besideId(row)}</span>
      </span>
    </div>
  );
}

/** The current model, or what was looked for; nothing (-1) where Enter at once would throw the current one away. */
function preselected(choices: readonly (ModelReference | null)[], current: ModelReference | null, query: string): number {
  const place = choices.findIndex((choice) => sameModel(choice, current));
  return place < 0 && (query !== '' || current === null) ? 0 : place;
}
