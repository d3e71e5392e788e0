import type { Hit } from "./hit.ts";
import type { Reading, Spot } from "./reading.ts";
import { placeOf } from "./reading.ts";
import type { Term } from "./term.ts";

/** A term in one trace: all places it stands at, and what is known of it there. */
export type Sight = {
  readonly term: Term;
  hits: Hit[];
  /** The place, and the number of the source it is in; two lists side by side. */
  readonly spots: Spot[];
  readonly sources: number[];
  /** It ends where its source ends, which may have been cut there. */
  readonly atEnd: boolean;
};

/** Names of members that are small words: by name the sources they stand in. */
export type SmallNames = Map<string, number[]>;

/** A text of some length may have been cut in the middle of a value. */
const mayBeCut = 64;

/** Which text a spot is a piece of, where it is read as one with others. */
export type PieceOf = (spot: Spot, source: number) => string | undefined;

/** Gathers what sources say term by term. A piece of something longer is a sight of its own: the rest of a value may stand in it. */
export function sightsOf(readings: readonly Reading[], sizes: readonly number[], pieceOf: PieceOf): { readonly sights: Sight[]; readonly names: SmallNames; readonly pieces: ReadonlyMap<string, Sight[]> } {
  const sights: Sight[] = [];
  const byTerm = new Map<Term, Sight>();
  const cut = new Map<Term, Sight>();
  const pieces = new Map<string, Sight[]>();
  const names: SmallNames = new Map();
  for (const [source, reading] of readings.entries()) {
    for (const spot of reading.spots) {
      const { term } = spot;
      const atEnd = term.text.length >= mayBeCut && spot.wrap === undefined && placeOf(spot, term.text.length) === sizes[source];
      const piece = pieceOf(spot, source);
      const shared = piece === undefined ? (atEnd ? cut : byTerm) : undefined;
      const known = shared?.get(term);
      if (known !== undefined) {
        known.spots.push(spot);
        known.sources.push(source);
        continue;
      }
      const sight: Sight = { term, hits: [], spots: [spot], sources: [source], atEnd };
      sights.push(sight);
      shared?.set(term, sight);
      if (piece === undefined) continue;
      const same = pieces.get(piece);
      if (same === undefined) pieces.set(piece, [sight]);
      else same.push(sight);
    }
    for (const name of reading.names) {
      const same = names.get(name);
      if (same === undefined) names.set(name, [source]);
      else same.push(source);
    }
  }
  return { sights, names, pieces };
}
