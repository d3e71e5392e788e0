import { sha256 } from "../base/hash.ts";
import type { DedupDecision } from "../dedup/types.ts";
import { promiseOf, wordsOfLook, type Look } from "./look.ts";
import { representedBy } from "./represented.ts";

/**
 * A trace to be shown. `probability` is the chance with which it was picked: below 1 for one drawn at random whatever it
 * shows (its labels may be weighed by 1 / probability to speak for the store), 1 for one chosen for its looks.
 */
export type Queued = { readonly id: string; readonly why: string; readonly probability: number };

export type QueueInput = {
  /** In order of arrival. */
  readonly traces: readonly Look[];
  readonly decisions: readonly DedupDecision[];
  /** Labels in effect; those of `annotator` take their traces, and copies of them, out of the queue. */
  readonly labels: readonly { readonly trace_id: string; readonly annotator: string }[];
  readonly annotator: string;
  readonly seed: number;
  /** Share of tasks that are drawn at random, 0 to 1. */
  readonly share?: number;
};

type Task = { readonly key: string; readonly members: readonly Look[]; readonly drawn: boolean };
type Entry = Queued & { readonly round: number; readonly drawn: boolean; readonly rank: number };

/**
 * What to show next, and why. One trace of every task comes before a second of any; what looks wrong comes first, but a
 * share of the tasks is drawn at random, so that what nobody suspects is seen too and rates can be estimated. Each draw
 * depends on the seed and the task alone: more traces, or another session, do not reshuffle it. Copies are left out.
 */
export function orderQueue({ traces, decisions, labels, annotator, seed, share = 0.2 }: QueueInput): Queued[] {
  const arrival = new Map(traces.map(({ id }, at) => [id, at]));
  const hidden = representedBy(new Set(arrival.keys()), decisions);
  const done = new Set(labels.filter((label) => label.annotator === annotator).flatMap(({ trace_id: id }) => [id, hidden.get(id) ?? id]));
  const dice = (text: string): number => Number.parseInt(sha256(`${seed}\n${text}`).slice(0, 12), 16) / 2 ** 48;
  const tasks = tasksOf(traces.filter(({ id }) => !hidden.has(id)), decisions, (key) => dice(`task\n${key}`) < share);
  const entries = tasks.flatMap((task) => entriesOf(task, { done, share, dice, arrival }));
  const rounds = [...new Set(entries.map((one) => one.round))].sort((a, b) => a - b);
  return rounds.flatMap((round) => mixed(entries.filter((one) => one.round === round), share)).map(({ id, why, probability }) => ({ id, why, probability }));
}

function tasksOf(shown: readonly Look[], decisions: readonly DedupDecision[], isDrawn: (key: string) => boolean): Task[] {
  const keptOf = new Map(decisions.flatMap((one) => (one.level === "same-task" ? [[one.dropped, one.kept] as const] : [])));
  const tasks = new Map<string, Look[]>();
  for (const look of shown) {
    const key = keptOf.get(look.id) ?? look.id;
    const members = tasks.get(key);
    if (members === undefined) tasks.set(key, [look]);
    else members.push(look);
  }
  return [...tasks].map(([key, members]) => ({ key, members, drawn: isDrawn(key) }));
}

type Around = {
  readonly done: ReadonlySet<string>;
  readonly share: number;
  readonly dice: (text: string) => number;
  readonly arrival: ReadonlyMap<string, number>;
};

/** The members of a task in the order they are shown, those already judged counted but left out. */
function entriesOf({ members, drawn }: Task, { done, share, dice, arrival }: Around): Entry[] {
  const rankOf = (look: Look): number => (drawn ? dice(`trace\n${look.id}`) : -promiseOf(look));
  const first = (look: Look): number => arrival.get(look.id) ?? 0;
  const judged = members.filter(({ id }) => done.has(id)).length;
  return members
    .filter(({ id }) => !done.has(id))
    .sort((a, b) => rankOf(a) - rankOf(b) || first(a) - first(b))
    .map((look, at) => ({
      id: look.id,
      why: `${drawn ? "drawn at random" : wordsOfLook(look)}${judged + at === 0 ? "" : "; a task seen before"}`,
      probability: drawn ? share / members.length : 1,
      round: judged + at,
      drawn,
      rank: drawn ? rankOf(look) : rankOf(look) + first(look) / (arrival.size + 1),
    }));
}

/** One round: chosen ones in order, drawn ones spread among them in their share. */
function mixed(entries: readonly Entry[], share: number): Entry[] {
  const inOrder = [...entries].sort((a, b) => a.rank - b.rank);
  const drawn = inOrder.filter((one) => one.drawn);
  const chosen = inOrder.filter((one) => !one.drawn);
  const queue: Entry[] = [];
  for (let d = 0, c = 0; d < drawn.length || c < chosen.length; ) {
    const turn = d < drawn.length && (c >= chosen.length || d < Math.floor(share * (queue.length + 1)));
    queue.push((turn ? drawn[d++] : chosen[c++]) as Entry);
  }
  return queue;
}
