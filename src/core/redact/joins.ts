import { note, type Harvest } from "./harvest.ts";
import { settle, together } from "./hit.ts";
import type { Source, Spot } from "./reading.ts";
import { sightOf, type Piece, type PieceOf, type Sight } from "./sight.ts";
import type { Lexicon } from "./term.ts";

/** Texts that are read as one, beside being read alone: a sight of its own, and where each text stands in it. */
export type Join = { readonly whole: Sight; readonly pieces: readonly { readonly sight: Sight; readonly start: number; readonly end: number }[] };

/** Joined texts are hardly longer than this. */
const longest = 100_000;

/** Neighbouring texts that a value may run through: text parts of one message, chunks and deltas in data. */
export const pieceOf =
  (sources: readonly Source[]): PieceOf =>
  ({ role, chunk }: Spot, source) =>
    role === "text" ? sources[source]?.joins?.message : chunk === undefined ? undefined : `${source} ${chunk}`;

/** The text as it stands, and nothing that was decoded out of it: that would come between it and the next one. */
const isWhole = ({ sight, spot }: Piece): boolean => spot.wrap === undefined && (spot.via === undefined || spot.via === sight.term.back);

/** The turn that a text of a message belongs to. */
const turnOf = ({ spot, source }: Piece, sources: readonly Source[]): number | undefined => (spot.role === "text" ? sources[source]?.joins?.turn : undefined);

/** A long stream is joined in lengths, each beginning with the piece that the one before ended with. */
export function joinsOf(runs: Iterable<readonly Piece[]>, sources: readonly Source[], lexicon: Lexicon): Join[] {
  const joins: Join[] = [];
  let last: { readonly turn: number; readonly sight: Sight } | undefined;
  for (const all of runs) {
    const whole = all.filter(isWhole);
    const run = whole.map(({ sight }) => sight);
    const [first] = run;
    const turn = whole[0] === undefined ? undefined : turnOf(whole[0], sources);
    // The message before, of the same turn: a value may begin at its end.
    if (turn !== undefined && first !== undefined) {
      if (last?.turn === turn && last.sight.term.text.length + first.term.text.length <= longest) joins.push(joined([last.sight, first], lexicon));
      last = { turn, sight: run.at(-1) ?? first };
    }
    let from = 0;
    let size = 0;
    for (const [at, { term }] of run.entries()) {
      if (size + term.text.length > longest && at > from) {
        if (at - from > 1) joins.push(joined(run.slice(from, at), lexicon));
        from = at - 1;
        size = run[from]?.term.text.length ?? 0;
      }
      size += term.text.length;
    }
    if (run.length - from > 1) joins.push(joined(run.slice(from), lexicon));
  }
  return joins;
}

function joined(run: readonly Sight[], lexicon: Lexicon): Join {
  let at = 0;
  const pieces = run.map((sight) => {
    const start = at;
    at += sight.term.text.length;
    return { sight, start, end: at };
  });
  const [first] = run;
  const meaning = first?.term.meaning ?? lexicon.meaningOf({ role: "text", key: undefined, parents: [], siblings: [] });
  return { whole: sightOf(lexicon.loneTerm(run.map(({ term }) => term.text).join(""), meaning)), pieces };
}

/** Gives hits that run over a seam to the texts they run through: the first one gets the token, the others lose their part. What they were goes into `harvest`. */
export function share({ whole, pieces }: Join, harvest: Harvest): void {
  for (const hit of settle(whole.hits)) {
    if (hit.tier === "suspect") continue;
    const touched = pieces.filter(({ start, end }) => hit.start < end && hit.end > start);
    if (touched.length < 2) continue;
    const value = whole.term.text.slice(hit.start, hit.end);
    note(harvest, hit.kind, value, hit.tier);
    for (const [i, { sight, start, end }] of touched.entries()) {
      const part = { ...hit, start: Math.max(hit.start, start) - start, end: Math.min(hit.end, end) - start, rule: `${hit.rule} (split)` };
      if (part.end - part.start >= 8) note(harvest, hit.kind, sight.term.text.slice(part.start, part.end), hit.tier);
      sight.hits = together(sight.hits, [i === 0 ? { ...part, stands: value } : { ...part, instead: "" }]);
    }
  }
}
