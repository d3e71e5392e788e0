import { settle, type Hit } from "./hit.ts";
import type { Source, Work } from "./work.ts";

/** Texts that are read as one, beside being read alone: a work of its own, and where each text stands in it. */
export type Join = { readonly whole: Work; readonly pieces: readonly { readonly work: Work; readonly start: number; readonly end: number }[] };

/** Members that hold one text in pieces: chunks of a stream, deltas. */
const chunk = /(?:^|_|\.)(?:deltas?|chunks?|fragments?|pieces?|partial|stream)$/i;
/** Joined texts are no longer than this. */
const longest = 100_000;

/** Neighbouring texts that a value may run through: text parts of one message, chunks and deltas in data. */
export function joinsOf(works: readonly Work[], sources: readonly Source[]): Join[] {
  const joins: Join[] = [];
  let run: Work[] = [];
  let name: string | undefined;
  const end = (): void => {
    const size = run.reduce((sum, { view }) => sum + view.text.length, 0);
    const [first] = run;
    if (first !== undefined && run.length > 1 && size <= longest) joins.push(joined(first, run));
    run = [];
  };
  for (const work of works) {
    if (work.wrap !== undefined || work.leaf.role === "key" || work.leaf.role === "number") continue;
    const { key, role } = work.leaf;
    const own = role === "text" ? sources[work.source]?.joins : key !== undefined && chunk.test(key) ? `${work.source} ${key}` : undefined;
    if (own === undefined || own !== name) end();
    name = own;
    if (own !== undefined) run.push(work);
  }
  end();
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
  return { whole: { source: -1, leaf: { ...first.leaf, view: { text, base: 0 } }, view: { text, base: 0 }, hits: [], dull: false, blobs: false }, pieces };
}

/** Gives hits that run over a seam to the texts they run through: the first one gets the token, the others lose their part. */
export function share({ whole, pieces }: Join): void {
  for (const hit of settle(whole.hits)) {
    if (hit.tier === "suspect") continue;
    const touched = pieces.filter(({ start, end }) => hit.start < end && hit.end > start);
    if (touched.length < 2) continue;
    const value = whole.view.text.slice(hit.start, hit.end);
    for (const [i, { work, start, end }] of touched.entries()) {
      const part: Hit = { ...hit, start: Math.max(hit.start, start) - start, end: Math.min(hit.end, end) - start, rule: `${hit.rule} (split)` };
      work.hits.push(i === 0 ? { ...part, stands: value } : { ...part, instead: "" });
    }
  }
}
