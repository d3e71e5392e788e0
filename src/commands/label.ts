import { CasebookError } from "../core/base/error.ts";
import type { Json } from "../core/base/json.ts";
import type { Problem, Where } from "../core/base/problem.ts";
import { parseExpectation } from "../core/grade/expectation.ts";
import { judge } from "../core/label/actions.ts";
import { searchedText, understand, type Searched, type Subjects } from "../core/label/answers.ts";
import type { LabelEvent } from "../core/label/event.ts";
import { historyOf } from "../core/label/event.ts";
import type { Label } from "../core/label/label.ts";
import { pendingOf, startSession, type Desk, type Effect, type Item, type Session, type Tally } from "../core/label/session.ts";
import { sheetOf, type Sheet } from "../core/label/sheet.ts";
import type { Code, Taxonomy } from "../core/label/taxonomy.ts";
import type { Clock, DedupStore, LabelJournal, TraceReader } from "../core/ports.ts";
import type { Redactor } from "../core/redact/redactor.ts";
import { lookOf, type Look } from "../core/sampling/look.ts";
import { orderQueue } from "../core/sampling/queue.ts";
import { representedBy } from "../core/sampling/represented.ts";
import type { TraceFacts } from "../core/trace/facts.ts";
import { transcriptOf } from "../core/trace/transcript.ts";
import { idsLike, type Finder } from "./find-trace.ts";

export type LabelPorts = Finder & {
  readonly traces: TraceReader & { readonly list: () => Iterable<{ readonly id: string; readonly brief: TraceFacts }> };
  readonly dedup: DedupStore;
  readonly journal: LabelJournal;
  readonly redactor: Pick<Redactor, "redactText">;
  readonly clock: Clock;
};

export type LabelOptions = {
  readonly annotator: string;
  readonly taxonomy: Taxonomy;
  /** Ids or beginnings of ids; these and no others, labelled or not. */
  readonly only?: readonly string[];
  readonly limit?: number | undefined;
  /** Offer codes after this many notes; 0: from the start. */
  readonly codesAfter: number;
  /** An editor can be opened. */
  readonly editor: boolean;
  /** Write nothing. */
  readonly dryRun: boolean;
};

/** Something that asks: a screen, a line prompt. It keeps every event it is handed before it goes on. */
export type Labeler = (start: Session, keep: (event: LabelEvent) => void) => Promise<{ readonly session: Session; readonly interrupted: boolean }>;

/** What came of it. `waiting`: traces of this queue that still have no decision. */
export type LabelResult = Tally & {
  readonly annotator: string;
  readonly labelled: number;
  readonly waiting: number;
  /** Labels of this person in effect now, in all. */
  readonly labels: number;
  readonly dryRun: boolean;
};

/** Asks somebody about every trace of the queue. Everything decided is in the journal when it returns or throws. */
export async function label(options: LabelOptions, ports: LabelPorts, labeler: Labeler): Promise<LabelResult & { readonly interrupted: boolean }> {
  const { only, annotator } = options;
  const items = only === undefined ? queueOf(ports, annotator) : named(ports, only);
  const start = openSession(options, ports, items);
  const keep = (event: LabelEvent): void => (options.dryRun ? undefined : ports.journal.append(event));
  const { session, interrupted } = await labeler(start, keep);
  return { ...resultOf(session, options), interrupted };
}

/** One line of an answers file as the adapter read it. */
export type AnswerLine = { readonly line: number; readonly value: Json | undefined };

export type AnswersResult = LabelResult & {
  readonly answers: number;
  /** Answers that say what the journal says already. */
  readonly unchanged: number;
  readonly refused: readonly Problem[];
};

/**
 * Runs a file of answers through a session. Each good answer is kept, whatever the others are; each that cannot be meant is a
 * Problem with its line. Running the same file again changes nothing.
 */
export function labelFromAnswers(options: LabelOptions, ports: LabelPorts, { file, lines }: { file: string; lines: readonly AnswerLine[] }): AnswersResult {
  const kept = keptOf(ports);
  const items = options.only === undefined ? kept.map((id) => ({ id, why: "" })) : named(ports, options.only);
  let session = openSession({ ...options, limit: undefined }, ports, items);
  const { desk } = session;
  const texts = new Map<string, Searched | undefined>();
  const subjects: Subjects = {
    find: (typed) => idsLike(typed, ports),
    kept,
    sheet: (id) => desk.sheet(id),
    said(id) {
      const sheet = texts.has(id) ? undefined : desk.sheet(id);
      if (sheet !== undefined) texts.set(id, searchedText(sheet));
      return texts.get(id);
    },
  };
  const chosen = options.only === undefined ? undefined : new Set(items.map(({ id }) => id));
  const refused: Problem[] = [];
  let unchanged = 0;
  let taken = 0;
  for (const { line, value } of lines) {
    const where: Where = { file, line };
    const meant = understand(value, where, { subjects, taxonomy: options.taxonomy });
    if ("problem" in meant) {
      refused.push(meant.problem);
      continue;
    }
    if (chosen !== undefined && !chosen.has(meant.id)) continue;
    if (options.limit !== undefined && taken >= options.limit) break;
    taken += 1;
    const move = judge(session, meant.id, meant.judgement, ports.clock.now());
    const events = eventsOf(move.effects);
    if (events.length === 0) unchanged += 1;
    if (!options.dryRun) events.forEach((event) => ports.journal.append(event));
    session = move.session;
  }
  return { ...resultOf(session, options), answers: lines.length, unchanged, refused };
}

const eventsOf = (effects: readonly Effect[]): readonly LabelEvent[] =>
  effects.flatMap((effect) => (effect.kind === "keep" ? [effect.event] : []));

function resultOf(session: Session, { annotator, dryRun }: LabelOptions): LabelResult {
  const { tally, labels } = session;
  return { annotator, ...tally, labelled: tally.passed + tally.failed, waiting: pendingOf(session), labels: labels.size, dryRun };
}

/** The session over these traces as it begins: the codes on the digits, and how traces are laid out and typed text is redacted. */
function openSession(options: LabelOptions, { traces, journal, redactor, clock }: LabelPorts, items: readonly Item[]): Session {
  const events = eventsOn(journal, traces);
  const { labels } = historyOf(events);
  const sheets = new Map<string, Sheet | undefined>();
  const desk: Desk = {
    annotator: options.annotator,
    taxonomy: options.taxonomy,
    slots: slotsOf(options.taxonomy, [...labels.values()]),
    codesAfter: options.codesAfter,
    editor: options.editor,
    sheet(id) {
      if (sheets.has(id)) return sheets.get(id);
      const stored = traces.get(id);
      const sheet = stored === undefined ? undefined : sheetOf(stored, transcriptOf(stored.trace));
      if (sheets.size >= 16) sheets.delete([...sheets.keys()][0] ?? "");
      sheets.set(id, sheet);
      return sheet;
    },
    redact: (text, tokens) => redactor.redactText(text, tokens).text,
    reads: readsAs,
  };
  const start = startSession(desk, { items, events, now: clock.now(), again: options.only !== undefined });
  return options.limit === undefined ? start : { ...start, items: start.items.slice(0, Math.max(options.limit, start.at + 1)) };
}

/** What build will make of an expectation, so that a slip in a check is seen while it can be mended. */
function readsAs(text: string): string {
  const { checks, problems } = parseExpectation(text);
  const lines = (count: number): string => (count === 1 ? "1 line begins" : `${count} lines begin`);
  if (problems.length > 0) return `${lines(problems.length)} like a check but cannot be read as one`;
  return checks.length === 0 ? "words only" : checks.length === 1 ? "1 check" : `${checks.length} checks`;
}

/** Ids of the traces that nothing else stands for, in order of arrival. */
function keptOf({ traces, dedup }: Pick<LabelPorts, "traces" | "dedup">): readonly string[] {
  const ids = traces.ids();
  if (ids.length === 0) throw new CasebookError("usage", "There are no traces to label yet.", { hint: "casebook pull FILE" });
  const copies = representedBy(new Set(ids), dedup.read());
  return ids.filter((id) => !copies.has(id));
}

/** The journal with every trace under the id it has now: what was decided on a recording is decided on the run it turned out to be of. */
function eventsOn(journal: Pick<LabelJournal, "read">, traces: TraceReader): readonly LabelEvent[] {
  const now = new Map(traces.ids().map((id) => [id, id]));
  return journal.read().map((event): LabelEvent => {
    const was = event.trace_id;
    if (!now.has(was)) now.set(was, traces.get(was)?.trace.id ?? was);
    const trace_id = now.get(was) ?? was;
    if (trace_id === was) return event;
    return event.kind === "label" ? { ...event, trace_id, label: { ...event.label, trace_id } } : { ...event, trace_id };
  });
}

/** What waits for this person, in the order of `orderQueue`; everybody has the same draw. The index of the store is enough. */
function queueOf({ traces, dedup, journal }: LabelPorts, annotator: string): readonly Item[] {
  const { labels } = historyOf(eventsOn(journal, traces));
  const kept = new Set(keptOf({ traces, dedup }));
  const looks = [...traces.list()].map(({ id, brief }): Look => (kept.has(id) && !labels.has(id) ? lookOf(id, brief) : { id, status: "unknown", suspicions: [], content: "none" }));
  return orderQueue({ traces: looks, decisions: dedup.read(), labels: [...labels.values()], annotator, seed: 1 });
}

function named(finder: Finder, only: readonly string[]): readonly Item[] {
  return [...new Set(only.flatMap((typed) => {
    const found = idsLike(typed, finder);
    if (found.length === 0) throw new CasebookError("usage", "No stored trace has an id that begins so (--only).", { hint: "casebook ls" });
    return found;
  }))].map((id) => ({ id, why: "asked for by id" }));
}

/**
 * The nine codes on the digits: those this person used most, then the first of each family, then the rest in the order of
 * the taxonomy. Fixed for a session, so that fingers can learn them.
 */
export function slotsOf({ codes }: Taxonomy, labels: readonly Label[]): readonly Code[] {
  const uses = new Map<string, number>();
  for (const { id } of labels.flatMap((one) => one.codes)) uses.set(id, (uses.get(id) ?? 0) + 1);
  const live = codes.filter(({ deprecated }) => deprecated !== true);
  const used = live.filter(({ id }) => uses.has(id)).sort((a, b) => (uses.get(b.id) ?? 0) - (uses.get(a.id) ?? 0));
  const family = ({ id }: Code): string => id.slice(0, id.indexOf("."));
  const firsts = live.filter((code, index) => live.findIndex((other) => family(other) === family(code)) === index);
  return [...new Set([...used, ...firsts, ...live])].slice(0, 9);
}
