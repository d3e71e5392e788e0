import type { DraftEvent, LabelEvent } from "./event.ts";
import type { Label } from "./label.ts";
import {
  draftFrom,
  draftOf,
  emptyDraft,
  itemAt,
  nextPending,
  placeAt,
  sheetAt,
  stay,
  type Draft,
  type Facets,
  type Move,
  type Session,
  type Tally,
} from "./session.ts";

/** What may be done in a session, by key, by line or by a file of answers. Each says what to keep in the journal. */

const iso = (now: number): string => new Date(now).toISOString();

/** Seconds the trace at hand has been on screen, all visits together, to a tenth. */
function secondsOn({ spent, shownAt, ...session }: Session, now: number): number {
  const before = spent.get(session.items[session.at]?.id ?? "") ?? 0;
  return Math.round((before + (shownAt === undefined ? 0 : Math.max(0, now - shownAt) / 1000)) * 10) / 10;
}

/** The draft of the trace at hand as an event, so that another session goes on from it. */
function draftEvent(session: Session, now: number): DraftEvent | undefined {
  const item = itemAt(session);
  if (item === undefined || session.mode.kind === "end") return undefined;
  const { verdict, codes, firstFailingSpan, expected, note, facets } = draftOf(session);
  return {
    schema: "casebook/label-event@1",
    kind: "draft",
    at: iso(now),
    trace_id: item.id,
    step: placeAt(session).step,
    seconds: secondsOn(session, now),
    codes: [...codes],
    ...(verdict !== undefined && { verdict }),
    ...(firstFailingSpan !== undefined && { first_failing_span: firstFailingSpan }),
    ...(expected !== undefined && { expected }),
    ...(note !== undefined && { note }),
    ...(Object.keys(facets).length > 0 && { facets }),
  };
}

const keep = (...events: (LabelEvent | undefined)[]): Move["effects"] =>
  events.filter((event) => event !== undefined).map((event) => ({ kind: "keep", event }));

/** Turns to another item. Until it has been shown, no key acts on it; `key` is the one that brought it. */
export function turnTo(session: Session, at: number, now: number, key?: string): Session {
  const here = itemAt(session)?.id;
  const spent = here === undefined ? session.spent : new Map(session.spent).set(here, secondsOn(session, now));
  return {
    ...session,
    at,
    spent,
    shownAt: undefined,
    mode: { kind: "keys" },
    message: "",
    brought: key === undefined ? undefined : { key, at: now },
  };
}

/** What is wrong with committing a draft, as a sentence; `undefined` when it may be committed. */
function faultOf({ verdict, codes, note }: Draft): string | undefined {
  if (verdict === undefined) return "Press p (pass) or f (fail) first.";
  if (verdict === "fail" && codes.length === 0 && note === undefined) return "A fail needs a note (f) or a code (1-9 or /).";
  return undefined;
}

/** Changes the draft at hand, undoably. A pass has no codes and no failing span; choosing either means fail. */
export function edit(session: Session, change: Partial<Draft>, { now, message = "" }: { now: number; message?: string }): Move {
  const id = itemAt(session)?.id;
  if (id === undefined) return stay(session);
  const before = draftOf(session);
  const fails = (change.codes?.length ?? 0) > 0 || change.firstFailingSpan !== undefined;
  const next: Draft = {
    ...before,
    ...change,
    ...(fails && { verdict: "fail" as const }),
    ...(change.verdict === "pass" && { codes: [], firstFailingSpan: undefined }),
  };
  if (sameDraft(before, next)) return stay(session, { message });
  const changed: Session = {
    ...session,
    message,
    drafts: new Map(session.drafts).set(id, next),
    past: [...session.past, { kind: "draft", id, before }],
  };
  return { session: changed, effects: keep(draftEvent(changed, now)) };
}

/** Whether two drafts say the same. The order of codes after the root does not matter. */
function sameDraft(a: Draft, b: Draft): boolean {
  const core = ({ verdict, codes, firstFailingSpan, expected, note, facets }: Draft): string =>
    JSON.stringify([verdict, codes[0], [...codes].sort(), firstFailingSpan, expected, note, Object.entries(facets).sort(([one], [two]) => (one < two ? -1 : 1))]);
  return core(a) === core(b);
}

/** Commits the draft at hand as a label and goes on to the next trace that waits. What changes nothing is not written. */
export function commit(session: Session, now: number, key?: string): Move {
  const sheet = sheetAt(session);
  if (sheet === undefined) return stay(session, { message: "This trace is no longer in the store." });
  const draft = draftOf(session);
  const fault = faultOf(draft);
  if (fault !== undefined) return stay(session, { message: fault });
  const { verdict, codes, firstFailingSpan, expected, note, facets } = draft;
  const old = session.labels.get(sheet.id);
  if (verdict === undefined || (old !== undefined && sameDraft(draftFrom(old), draft))) return goOn(session, now, key);
  const seconds = secondsOn(session, now);
  const label: Label = {
    schema: "casebook/label@1",
    trace_id: sheet.id,
    trace_revision: sheet.revision,
    annotator: session.desk.annotator,
    verdict,
    codes: codes.map((id, index) => ({ id, role: index === 0 ? "root" : "downstream" })),
    ...(firstFailingSpan !== undefined && { first_failing_span: firstFailingSpan }),
    ...(expected !== undefined && { expected }),
    ...(note !== undefined && { note }),
    ...facets,
    taxonomy: session.desk.taxonomy.version,
    at: iso(now),
    seconds,
  };
  const drafts = new Map(session.drafts);
  drafts.delete(sheet.id);
  const decided: Session = {
    ...session,
    drafts,
    labels: new Map(session.labels).set(sheet.id, label),
    past: [...session.past, { kind: "decision", id: sheet.id, label, fresh: true }],
    paces: seconds > 0 ? [...session.paces.slice(-49), seconds] : session.paces,
    tally: counted(session.tally, verdict, 1),
  };
  const { why = "", probability } = itemAt(session) ?? {};
  const picked = probability === undefined ? {} : { picked: { why, probability } };
  const event: LabelEvent = { schema: "casebook/label-event@1", kind: "label", at: label.at, trace_id: sheet.id, label, ...picked };
  return { session: goOn(decided, now, key).session, effects: keep(event) };
}

/** Leaves the trace at hand for a later session. A trace that has a label keeps it. */
export function skip(session: Session, now: number, key?: string): Move {
  const id = itemAt(session)?.id;
  if (id === undefined || session.labels.has(id)) return goOn(session, now, key);
  const skipped: Session = {
    ...session,
    skipped: new Set(session.skipped).add(id),
    past: [...session.past, { kind: "decision", id, label: undefined, fresh: true }],
    tally: counted(session.tally, undefined, 1),
  };
  return {
    session: goOn(skipped, now, key).session,
    effects: keep({ schema: "casebook/label-event@1", kind: "skip", at: iso(now), trace_id: id }),
  };
}

/** The tally with one decision more or less; `undefined` is a skip. */
function counted(tally: Tally, verdict: Label["verdict"] | undefined, by: 1 | -1): Tally {
  const what = verdict === "pass" ? "passed" : verdict === "fail" ? "failed" : "skipped";
  return { ...tally, [what]: tally[what] + by };
}

function goOn(before: Session, now: number, key: string | undefined): Move {
  const reopened = new Set(before.reopened);
  reopened.delete(itemAt(before)?.id ?? "");
  const session: Session = { ...before, reopened };
  const next = nextPending(session);
  if (next >= 0) return stay(turnTo(session, next, now, key));
  return stay({ ...turnTo(session, session.at, now, key), mode: { kind: "end" } });
}

/**
 * Takes back the last change: one step of a draft, or a whole decision, in this session or an earlier one. The trace
 * comes back with what was chosen on it, so that a slip is mended without typing it all again.
 */
export function undo(session: Session, now: number, key?: string): Move {
  const last = session.past.at(-1);
  if (last === undefined) return stay(session, { message: "Nothing to undo." });
  const rest: Session = { ...session, past: session.past.slice(0, -1) };
  if (last.kind === "draft") {
    const here = comeBack(rest, last.id, now, key);
    const back: Session = { ...here, drafts: new Map(here.drafts).set(last.id, last.before), message: "Undone." };
    return { session: back, effects: keep(draftEvent(back, now)) };
  }
  const event: LabelEvent = { schema: "casebook/label-event@1", kind: "undo", at: iso(now), trace_id: last.id };
  const earlier = rest.past.findLast((past) => past.kind === "decision" && past.id === last.id && past.label !== undefined);
  const labels = new Map(rest.labels);
  if (earlier?.kind === "decision" && earlier.label !== undefined) labels.set(last.id, earlier.label);
  else labels.delete(last.id);
  const skipped = new Set(rest.skipped);
  if (last.label === undefined) skipped.delete(last.id);
  const drafts = last.label === undefined ? rest.drafts : new Map(rest.drafts).set(last.id, draftFrom(last.label));
  const { fresh, label } = last;
  const tally = fresh ? counted(rest.tally, label?.verdict, -1) : { ...rest.tally, undone: rest.tally.undone + 1 };
  const open = comeBack({ ...rest, labels, skipped, drafts, tally }, last.id, now, key);
  const back: Session = {
    ...open,
    message: last.label === undefined ? "Skip undone." : `Label undone: it was ${last.label.verdict}. Enter commits it again.`,
  };
  return { session: back, effects: keep(event, draftEvent(back, now)) };
}

/** The session with this trace at hand; one that is not in the queue (labelled in an earlier session) is put before the present one. */
function comeBack(session: Session, id: string, now: number, key: string | undefined): Session {
  if (itemAt(session)?.id === id && session.mode.kind !== "end") return session;
  const at = session.items.findIndex((item) => item.id === id);
  if (at >= 0) return turnTo(session, at, now, key);
  if (session.desk.sheet(id) === undefined) return { ...session, mode: session.items.length === 0 ? { kind: "end" } : { kind: "keys" } };
  const put = Math.min(session.at, session.items.length);
  const items = session.items.toSpliced(put, 0, { id, why: "undone" });
  return turnTo({ ...turnTo(session, put, now, key), items }, put, now, key);
}

/** Ends the session, keeping the draft and the place on it. */
export function leave(session: Session, now: number): Move {
  return { session, effects: [...keep(draftEvent(session, now)), { kind: "leave" }] };
}

/** A judgement made elsewhere (a line of an answers file, answers at a line prompt), as drafts are. */
export type Judgement = {
  readonly verdict: Label["verdict"];
  readonly codes?: readonly string[];
  readonly firstFailingSpan?: string | undefined;
  readonly expected?: string | undefined;
  readonly note?: string | undefined;
  readonly facets?: Facets;
};

/** Gives a trace a judgement in one step: the same rules, redaction and journal as on the screen. */
export function judge(session: Session, id: string, judgement: Judgement, now: number): Move {
  const sheet = session.desk.sheet(id);
  if (sheet === undefined) return stay(session, { message: "This trace is no longer in the store." });
  const known = session.items.findIndex((item) => item.id === id);
  const here: Session =
    known >= 0
      ? { ...session, at: known, mode: { kind: "keys" } }
      : { ...session, items: [...session.items, { id, why: "named" }], at: session.items.length, mode: { kind: "keys" } };
  const { verdict, codes = [], firstFailingSpan, facets = {} } = judgement;
  const clean = (text: string | undefined): string | undefined => cleanText(here, text);
  const draft: Draft = {
    ...emptyDraft,
    verdict,
    codes,
    firstFailingSpan,
    facets,
    expected: clean(judgement.expected),
    note: clean(judgement.note)?.replace(/\s+/g, " "),
  };
  return commit({ ...here, drafts: new Map(here.drafts).set(id, draft) }, now);
}

/** Typed text as it may be kept: trimmed, redacted; empty is nothing. */
export function cleanText(session: Session, text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? "";
  return trimmed === "" ? undefined : session.desk.redact(trimmed, sheetAt(session)?.tokens ?? []);
}
