import { historyOf, type LabelEvent, type SuspectEvent } from "./event.ts";
import type { Label } from "./label.ts";
import type { Line } from "./line.ts";
import type { Sheet } from "./sheet.ts";
import type { Code, Taxonomy } from "./taxonomy.ts";

/** What a person has chosen on one trace and not yet committed. */
export type Draft = {
  readonly verdict: Label["verdict"] | undefined;
  /** Root first. */
  readonly codes: readonly string[];
  readonly firstFailingSpan: string | undefined;
  readonly expected: string | undefined;
  readonly note: string | undefined;
  readonly facets: Facets;
};
export type Facets = Partial<Pick<Label, "fault_owner" | "severity" | "recovered" | "confidence">>;

export const emptyDraft: Draft = {
  verdict: undefined,
  codes: [],
  firstFailingSpan: undefined,
  expected: undefined,
  note: undefined,
  facets: {},
};

/** A trace to be judged, why it was picked, and (from a queue) with which chance. */
export type Item = { readonly id: string; readonly why: string; readonly probability?: number };

/** What a session stands on and never changes. */
export type Desk = {
  readonly annotator: string;
  readonly taxonomy: Taxonomy;
  /** The codes on keys 1 to 9, the same for the whole session. */
  readonly slots: readonly Code[];
  /** Codes are offered after this many notes; 0: from the start. */
  readonly codesAfter: number;
  /** `e` opens an editor; else it types inline. */
  readonly editor: boolean;
  /** Lays out a trace; the same sheet every time. `undefined`: it is not in the store. */
  sheet(id: string): Sheet | undefined;
  /** What may be kept of typed text; `tokens` of the trace it is about may be quoted. */
  redact(text: string, tokens: readonly string[]): string;
  /** What build will make of an expectation: `2 checks`, `words only`, … */
  reads(text: string): string;
};

export type Mode =
  | { readonly kind: "keys" }
  | { readonly kind: "line"; readonly field: "note" | "expected" | "split"; readonly line: Line; readonly fail?: boolean; readonly pick?: number }
  | { readonly kind: "search"; readonly line: Line; readonly pick: number }
  | { readonly kind: "suspects"; readonly pick: number }
  | { readonly kind: "help" }
  /** Nothing is left to judge. */
  | { readonly kind: "end" };

/** Something undo takes back. */
type Past =
  | { readonly kind: "draft"; readonly id: string; readonly before: Draft }
  /** `fresh`: of this session, so that the tally goes back with it. */
  | { readonly kind: "decision"; readonly id: string; readonly label: Label | undefined; readonly fresh: boolean };

/** Where a person is in one trace: the block under the cursor and the blocks turned from their usual fold. */
export type Place = { readonly step: number; readonly turned: ReadonlySet<number> };

/** A labelling session. Plain data: every key makes a new one. Times are milliseconds since 1970. */
export type Session = {
  readonly desk: Desk;
  readonly items: readonly Item[];
  readonly at: number;
  readonly places: ReadonlyMap<string, Place>;
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly labels: ReadonlyMap<string, Label>;
  readonly skipped: ReadonlySet<string>;
  /** Labelled traces that were asked for by name: they wait for a decision all the same. */
  readonly reopened: ReadonlySet<string>;
  readonly suspects: ReadonlyMap<string, SuspectEvent>;
  readonly past: readonly Past[];
  readonly mode: Mode;
  readonly message: string;
  readonly codesAsked: boolean;
  /** The item at hand has been on screen since; `undefined` until the adapter says so, and no key acts before. */
  readonly shownAt: number | undefined;
  /** The key that brought this item and when it was last seen: the same key again at once is a held key. */
  readonly brought: { readonly key: string; readonly at: number } | undefined;
  readonly startedAt: number;
  /** Seconds spent on each trace before `shownAt`. */
  readonly spent: ReadonlyMap<string, number>;
  /** Seconds of the last decisions, for the estimate. */
  readonly paces: readonly number[];
  readonly tally: Tally;
};
export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number; readonly undone: number; readonly suspects: number };

/** What the world must do after a key: keep an event, open an editor, or end the session. */
export type Effect =
  | { readonly kind: "keep"; readonly event: LabelEvent }
  | { readonly kind: "edit"; readonly text: string }
  | { readonly kind: "leave" };
export type Move = { readonly session: Session; readonly effects: readonly Effect[] };

export const stay = (session: Session, change: Partial<Session> = {}): Move => ({ session: { ...session, ...change }, effects: [] });

/**
 * Begins (or goes on with) a session over `items`. `events` is the person's journal so far: drafts, labels and the whole
 * undo history come from it. Items already labelled are dropped (with `again` they are asked once more); the one the person
 * left comes first, skipped ones last.
 */
export function startSession(
  desk: Desk,
  { items, events, now, again = false }: { items: readonly Item[]; events: Iterable<LabelEvent>; now: number; again?: boolean },
): Session {
  const history = historyOf(events);
  const open = items.filter(({ id }) => again || !history.labels.has(id));
  const turn = ({ id }: Item): number => (id === history.left?.trace_id ? 0 : history.skipped.has(id) ? 2 : 1);
  const queue = open.toSorted((a, b) => turn(a) - turn(b));
  const left = queue.some((item) => turn(item) === 0);
  const drafts = [...history.drafts.values()];
  return {
    desk,
    items: queue,
    at: 0,
    places: new Map(drafts.map(({ trace_id, step }) => [trace_id, { step, turned: new Set<number>() }])),
    drafts: new Map(
      drafts.map(({ trace_id, verdict, codes, first_failing_span, expected, note, facets = {} }) => [
        trace_id,
        { verdict, codes, firstFailingSpan: first_failing_span, expected, note, facets: facets as Facets },
      ]),
    ),
    labels: history.labels,
    skipped: new Set(),
    reopened: new Set(again ? items.map(({ id }) => id) : []),
    suspects: history.suspects,
    past: history.decisions.map(({ trace_id, label }) => ({ kind: "decision", id: trace_id, label, fresh: false })),
    mode: queue.length === 0 ? { kind: "end" } : { kind: "keys" },
    message: left ? "Here is where you left." : "",
    codesAsked: false,
    shownAt: undefined,
    brought: undefined,
    startedAt: now,
    spent: new Map(drafts.map(({ trace_id, seconds }) => [trace_id, seconds])),
    paces: [...history.labels.values()].map(({ seconds }) => seconds).filter((seconds) => seconds > 0).slice(-50),
    tally: { passed: 0, failed: 0, skipped: 0, undone: 0, suspects: 0 },
  };
}

/** The adapter has painted the item at hand: from now on keys act on it and its time runs. */
export const shown = (session: Session, now: number): Session =>
  session.shownAt === undefined ? { ...session, shownAt: now } : session;

export const itemAt = ({ items, at }: Session): Item | undefined => items[at];

/** The trace at hand, laid out. */
export function sheetAt(session: Session): Sheet | undefined {
  const item = itemAt(session);
  return item === undefined ? undefined : session.desk.sheet(item.id);
}

/** What is chosen on a trace: its draft, else its label in effect, else nothing. */
export function draftOf(session: Session, id: string | undefined = itemAt(session)?.id): Draft {
  if (id === undefined) return emptyDraft;
  const draft = session.drafts.get(id);
  if (draft !== undefined) return draft;
  const label = session.labels.get(id);
  return label === undefined ? emptyDraft : draftFrom(label);
}

export function draftFrom({ verdict, codes, first_failing_span, expected, note, fault_owner, severity, recovered, confidence }: Label): Draft {
  return {
    verdict,
    codes: codes.map(({ id }) => id),
    firstFailingSpan: first_failing_span,
    expected,
    note,
    facets: {
      ...(fault_owner !== undefined && { fault_owner }),
      ...(severity !== undefined && { severity }),
      ...(recovered !== undefined && { recovered }),
      ...(confidence !== undefined && { confidence }),
    },
  };
}

/** The cursor and folds on the trace at hand, inside its bounds. Starts on the first block that is not a system text. */
export function placeAt(session: Session): Place {
  const blocks = sheetAt(session)?.blocks ?? [];
  const place = session.places.get(itemAt(session)?.id ?? "");
  if (place !== undefined) return { ...place, step: Math.max(0, Math.min(place.step, blocks.length - 1)) };
  return { step: Math.max(0, blocks.findIndex(({ kind }) => kind !== "system")), turned: new Set() };
}

/** Whether the codes are on offer: asked for, from the start, or after enough notes. */
export function codesShown({ desk, codesAsked, labels }: Session): boolean {
  if (codesAsked || desk.codesAfter <= 0) return true;
  let notes = 0;
  for (const { note } of labels.values()) if (note !== undefined) notes += 1;
  return notes >= desk.codesAfter;
}

const isPending = ({ labels, skipped, reopened }: Session, { id }: Item): boolean =>
  reopened.has(id) || (!labels.has(id) && !skipped.has(id));

/** How many items wait for a decision. */
export const pendingOf = (session: Session): number => session.items.filter((item) => isPending(session, item)).length;

/** The next item that waits, after the one at hand and then from the start; -1 when there is none. */
export function nextPending(session: Session): number {
  const after = session.items.findIndex((item, index) => index > session.at && isPending(session, item));
  return after >= 0 ? after : session.items.findIndex((item) => isPending(session, item));
}
