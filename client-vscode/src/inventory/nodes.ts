// The models in use as the nodes of a tree: by model, by file, or the soonest end first; each with its standing in words.
// Pure.

import { sameModel, type ModelReference, type NamedPlace, type Position } from '../protocol.ts';
import { countText, vendorOf } from '../text.ts';

export type Grouping = 'model' | 'file' | 'end';

/** What a sign says of a model: that it is gone, ends soon, ends some day, may be wrong, or is as it should be. */
export type Mark = 'gone' | 'ending' | 'lasting' | 'doubtful' | 'usable' | 'unverified' | 'name';

export interface Node {
  /** The same for as long as it means the same, so that what is unfolded stays so. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly spoken: string;
  readonly mark: Mark | 'file' | 'heading';
  readonly children: readonly Node[];
  /** Of a place. */
  readonly place?: NamedPlace;
  /** Of a place: where it begins. */
  readonly position?: Position;
  /** Of a place or a file. */
  readonly uri?: string;
  /** Of a place, or of all that name one model: that, where it is no mere name. */
  readonly model?: ModelReference;
}

/** Days before its end in which a model is said to end soon. */
export const SOON = 90;

const DAY_MS = 86_400_000;

/** Days from the day of `now` to a day, both in UTC. */
const daysUntil = (day: string, now: number): number => Math.round(Date.parse(day) / DAY_MS) - Math.floor(now / DAY_MS);

const WORDS: Readonly<Record<string, readonly [Mark, string]>> = {
  usable: ['usable', 'usable'],
  deprecated: ['ending', 'deprecated'],
  retired: ['gone', 'retired'],
  unavailable: ['gone', 'not available'],
  unlisted: ['doubtful', 'not in the list'],
  unknown: ['doubtful', 'not a known model'],
  'not-chat': ['doubtful', 'not a chat model'],
  unverified: ['unverified', 'not verified'],
  alias: ['name', 'an alias'],
  local: ['name', 'defined in the file'],
  opaque: ['name', 'cannot be checked'],
};

export interface Standing {
  readonly mark: Mark;
  /** `retired 2026-03-01`, `deprecated, ends in 23 days`, `ends 2027-05-01`, `usable`. */
  readonly text: string;
  /** Until its end; null where no day is known, or it has passed. */
  readonly days: number | null;
}

/** How a model stands, on the day of `now`. */
export function standingOf({ standing, retiresAt }: Pick<NamedPlace, 'standing' | 'retiresAt'>, now: number): Standing {
  const [mark, word] = WORDS[standing] ?? ['unverified', standing];
  if (!retiresAt) return { mark, text: word, days: null };
  if (mark === 'gone') return { mark, text: `${word} ${retiresAt}`, days: null };
  const days = daysUntil(retiresAt, now);
  const text = [...(standing === 'usable' ? [] : [word]), endText(retiresAt, days)].join(', ');
  const ends = days <= SOON || mark === 'ending' ? 'ending' : 'lasting';
  return { mark: mark === 'doubtful' ? mark : ends, text, days };
}

function endText(day: string, days: number): string {
  if (days < 0) return `was to end ${day}`;
  if (days > SOON) return `ends ${day}`;
  return ['ends today', 'ends tomorrow'][days] ?? `ends in ${days} days`;
}

/** A model as people write it: `openai/gpt-6-luna`, `GPT-4.1 (copilot)` for one of the editor's, or the file's own word. */
export function nameOf({ provider, model }: Pick<NamedPlace, 'provider' | 'model'>): string {
  if (provider === null) return model;
  const vendor = vendorOf(provider);
  return vendor === null ? `${provider}/${model}` : `${model} (${vendor})`;
}

/** What stands beside a model's id: how it stands comes first, for the rest may be cut off. */
const beside = (place: NamedPlace, text: string, ...more: readonly (string | undefined)[]): string =>
  [text, place.provider && (vendorOf(place.provider) ?? place.provider), ...more].filter(Boolean).join(' · ');

const isPair = ({ standing }: NamedPlace): boolean => WORDS[standing]?.[0] !== 'name';
const referenceOf = (place: NamedPlace): ModelReference | null => (place.provider !== null && isPair(place) ? { provider: place.provider, model: place.model } : null);

/** The nodes of a grouping. `now` is a moment in milliseconds. */
export function nodesOf(places: readonly NamedPlace[], grouping: Grouping, now: number): Node[] {
  if (grouping === 'file') return byFile(places, now);
  const models = byModel(places, now);
  return grouping === 'model' ? models.map(({ node }) => node) : byEnd(models);
}

/** What there is in all: `12 models in 31 places`. */
export function summaryOf(places: readonly NamedPlace[]): string {
  const models = new Set(places.map((place) => keyOf(place)));
  return `${countText(models.size, 'model')} in ${countText(places.length, 'place')}`;
}

/** How many models are gone, or end soon. */
export function pressing(places: readonly NamedPlace[], now: number): number {
  const found = places.filter((place) => ['gone', 'ending'].includes(standingOf(place, now).mark));
  return new Set(found.map(keyOf)).size;
}

/** Equal for places that name the same model, or say the same name. */
const keyOf = (place: NamedPlace): string => JSON.stringify([WORDS[place.standing]?.[0] === 'name' ? place.standing : '', place.provider, place.model]);

function grouped<T>(items: readonly T[], key: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups];
}

interface OfModel {
  readonly node: Node;
  readonly first: NamedPlace;
  readonly standing: Standing;
}

function byModel(places: readonly NamedPlace[], now: number): OfModel[] {
  const models = grouped(places, keyOf).map(([key, found]): OfModel => {
    const first = found[0]!;
    const standing = standingOf(first, now);
    const { mark, text } = standing;
    const [reference, often] = [referenceOf(first), countText(found.length, 'place')];
    const children = [...found].sort(byPlace).map((place) => placeNode(place, key));
    const node: Node = { id: key, label: first.model, description: beside(first, text, often), spoken: `${nameOf(first)}, ${text}, ${often}`, mark, children, ...(reference ? { model: reference } : {}) };
    return { node, first, standing };
  });
  return models.sort(byName);
}

function byFile(places: readonly NamedPlace[], now: number): Node[] {
  const files = grouped(places, ({ uri }) => uri).map(([uri, found]): Node => {
    const { path } = found[0]!;
    const often = countText(found.length, 'place');
    const worst = pressing(found, now);
    const description = [folderOf(path), often, worst > 0 ? `${countText(worst, 'model')} to look at` : ''].filter(Boolean).join(' · ');
    const children = [...found].sort(byPlace).map((place) => nameNode(place, now));
    return { id: uri, label: baseOf(path), description, spoken: `${path}, ${often}`, mark: 'file', children, uri };
  });
  return files.sort((a, b) => collator.compare(a.children[0]!.place!.path, b.children[0]!.place!.path));
}

/** What comes first among models, and under which heading. */
const HEADINGS = [
  'No longer available',
  `Ends within ${SOON} days`,
  'Ends later',
  'Deprecated, without a day',
  'Not listed, not known, or no chat model',
  'No end known',
  'Aliases and names that cannot be checked',
] as const;

function headingOf({ standing: { mark, days } }: OfModel): number {
  if (mark === 'gone') return 0;
  if (mark === 'doubtful') return 4;
  if (mark === 'name') return 6;
  if (days !== null) return days <= SOON ? 1 : 2;
  return mark === 'ending' ? 3 : 5;
}

function byEnd(models: readonly OfModel[]): Node[] {
  const sorted = [...models].sort((a, b) => endOf(a).localeCompare(endOf(b)) || byName(a, b));
  return HEADINGS.flatMap((label, index): Node[] => {
    const under = sorted.filter((one) => headingOf(one) === index).map(({ node }) => ({ ...node, id: `${index} ${node.id}` }));
    const often = countText(under.length, 'model');
    return under.length === 0 ? [] : [{ id: label, label, description: often, spoken: `${label}, ${often}`, mark: 'heading', children: under }];
  });
}

const byName = (a: OfModel, b: OfModel): number => collator.compare(nameOf(a.first), nameOf(b.first));
const endOf = ({ first }: OfModel): string => first.retiresAt ?? '9999';

/** A place below its model: where it stands. */
function placeNode(place: NamedPlace, key: string): Node {
  const label = `${baseOf(place.path)}:${place.line}`;
  const description = [place.owner ?? place.where, folderOf(place.path)].filter(Boolean).join(' · ');
  return leaf(place, `${key} ${place.uri}`, label, description, `${place.path}, line ${place.line}, ${place.owner ?? place.where}`, 'file');
}

/** A place below its file: which model it names. */
function nameNode(place: NamedPlace, now: number): Node {
  const { mark, text } = standingOf(place, now);
  return leaf(place, place.uri, place.model, beside(place, text, place.owner, `line ${place.line}`), `${nameOf(place)}, ${text}, line ${place.line}`, mark);
}

function leaf(place: NamedPlace, key: string, label: string, description: string, spoken: string, mark: Node['mark']): Node {
  const id = `${key} ${place.where} ${place.line}:${place.column}`;
  const model = referenceOf(place);
  return { id, label, description, spoken, mark, children: [], place, uri: place.uri, position: place.range.start, ...(model ? { model } : {}) };
}

/** What is known of a place's model, a line each, for a tooltip; texts of others are marked. */
export function factsOf(place: NamedPlace, now: number): (string | { readonly code: string })[][] {
  const facts: (string | { readonly code: string })[][] = [[{ code: nameOf(place) }, ` · ${standingOf(place, now).text}`]];
  if (place.retiresAt) facts.push([`Ends ${place.retiresAt}`]);
  if (place.successors?.length) facts.push([place.successors.length === 1 ? 'Successor: ' : 'Successors: ', ...place.successors.flatMap((code, i) => (i ? [', ', { code }] : [{ code }]))]);
  if (place.source) facts.push([place.source === 'live' ? 'As the provider says' : 'Known offline, not verified']);
  facts.push([{ code: place.where }, ' of ', { code: place.path }]);
  return facts;
}

/** The places with those of some files in the place of what these had before. */
export function updated(places: readonly NamedPlace[], uris: ReadonlySet<string>, now: readonly NamedPlace[]): NamedPlace[] {
  const known = new Map(now.map((place) => [keyOf(place), place]));
  const kept = places.filter(({ uri }) => !uris.has(uri)).map((place) => sameFacts(place, known.get(keyOf(place))));
  return [...kept, ...now];
}

/** What was learned of a model counts wherever it is named. */
function sameFacts(place: NamedPlace, newer: NamedPlace | undefined): NamedPlace {
  if (!newer || !sameModel(referenceOf(place), referenceOf(newer))) return place;
  const { standing, retiresAt, successors, source } = newer;
  const { retiresAt: _, successors: __, ...rest } = place;
  return { ...rest, standing, source, ...(retiresAt ? { retiresAt } : {}), ...(successors ? { successors } : {}) };
}

const collator = new Intl.Collator('en', { numeric: true });
const byPlace = (a: NamedPlace, b: NamedPlace): number => collator.compare(a.path, b.path) || a.line - b.line || a.column - b.column;
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
