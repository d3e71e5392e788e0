import { note, type Harvest } from "./harvest.ts";
import { settle, type Hit } from "./hit.ts";
import { isChunk } from "./leaf.ts";
import type { Source, Work } from "./work.ts";

/** Texts that are read as one, beside being read alone: a work of its own, and where each text stands in it. */
export type Join = { readonly whole: Work; readonly pieces: readonly { readonly work: Work; readonly start: number; readonly end: number }[] };

/** Joined texts are hardly longer than this. */
const longest = 100_000;

/** Neighbouring texts that a value may run through: text parts of one message, chunks and deltas in data. */
export function joinsOf(works: readonly Work[], sources: readonly Source[]): Join[] {
  const runs = new Map<string, Work[]>();
  for (const work of works) {
    if (work.hidden || work.leaf.role === "key" || work.leaf.role === "number") continue;
    const { key, role } = work.leaf;
    const own = role === "text" ? sources[work.source]?.joins : key !== undefined && isChunk(key) ? `${work.source} ${key}` : undefined;
    if (own === undefined) continue;
    const run = runs.get(own);
    if (run === undefined) runs.set(own, [work]);
    else run.push(work);
  }
  return [...runs.values()].flatMap(inLengths);
}

/** A long stream is joined in lengths, each beginning with the piece that the one before ended with. */
function inLengths(run: readonly Work[]): Join[] {
  const joins: Join[] = [];
  let from = 0;
  let size = 0;
  const end = (to: number): void => {
    const [first] = run.slice(from, to);
    if (first !== undefined && to - from > 1) joins.push(joined(first, run.slice(from, to)));
  };
  for (const [at, { view }] of run.entries()) {
    if (size + view.text.length > longest && at > from) {
      end(at);
      from = at - 1;
      size = run[from]?.view.text.length ?? 0;
    }
    size += view.text.length;
  }
  end(run.length);
  return joins;
}

function joined(first: Work, run: readonly Work[]): Join {
  let at = 0;
  const pieces = run.map((work) => {
    const start = at;
    at += work.view.text.length;
    return { work, start, end: at };
  });
  const text = run.map(({ view }) => view.text).join("");
  return { whole: { source: -1, leaf: { ...first.leaf, view: { text, base: 0 } }, view: { text, base: 0 }, hits: [], dull: false, blobs: false, hidden: false }, pieces };
}

/** Gives hits that run over a seam to the texts they run through: the first one gets the token, the others lose their part. What they were goes into `harvest`. */
export function share({ whole, pieces }: Join, harvest: Harvest): void {
  for (const hit of settle(whole.hits)) {
    if (hit.tier === "suspect") continue;
    const touched = pieces.filter(({ start, end }) => hit.start < end && hit.end > start);
    if (touched.length < 2) continue;
    const value = whole.view.text.slice(hit.start, hit.end);
    note(harvest, hit.kind, value, hit.tier);
    for (const [i, { work, start, end }] of touched.entries()) {
      const part: Hit = { ...hit, start: Math.max(hit.start, start) - start, end: Math.min(hit.end, end) - start, rule: `${hit.rule} (split)` };
      if (part.end - part.start >= 8) note(harvest, hit.kind, work.view.text.slice(part.start, part.end), hit.tier);
      work.hits.push(i === 0 ? { ...part, stands: value } : { ...part, instead: "" });
    }
  }
}
