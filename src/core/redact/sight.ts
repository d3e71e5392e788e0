import type { Found } from "./engine.ts";
import type { Hit } from "./hit.ts";
import { placeOf, type Reading, type Spot } from "./reading.ts";
import type { Term } from "./term.ts";

/** A term in one trace, and what is known of it there. */
export type Sight = {
  readonly term: Term;
  /** In order. */
  hits: readonly Hit[];
  /** It ends where its source ends, which may have been cut there. */
  readonly atEnd: boolean;
  /** What is written over it, once nothing more will be seen. */
  masks: readonly Mask[] | undefined;
};

/** What is written over a range of a term: what stands for the value in places of one role. */
export type Mask = Pick<Found, "start" | "end" | "kind" | "tier" | "rule" | "instead" | "token"> & { readonly value: string; readonly role: Spot["role"] };

/** Where the terms of a source stand in it, and the sight of each: two lists side by side. */
export type Places = { spots: readonly Spot[]; readonly sights: Sight[] };

/** A sight of a term in which nothing was seen so far. */
export const sightOf = (term: Term, atEnd = false): Sight => ({ term, hits: none, atEnd, masks: undefined });
const none: readonly Hit[] = [];

/** A text of some length may have been cut in the middle of a value. */
const mayBeCut = 64;

/** Which text a spot is a piece of, where it is read as one with others. */
export type PieceOf = (spot: Spot, source: number) => string | undefined;

/** A sight of a text that is read as one with others, and the one place where it stands. */
export type Piece = { readonly sight: Sight; readonly spot: Spot; readonly source: number };

/** What the sources of a trace say, term by term. */
export type Sights = { readonly sights: Sight[]; readonly places: readonly Places[]; readonly pieces: ReadonlyMap<string, Piece[]> };

/** Gathers what sources say term by term. A piece of something longer is a sight of its own: the rest of a value may stand in it. */
export function sightsOf(readings: readonly Reading[], sizes: readonly number[], pieceOf: PieceOf): Sights {
  const sights: Sight[] = [];
  const byTerm = new Map<Term, Sight>();
  const cut = new Map<Term, Sight>();
  const pieces = new Map<string, Piece[]>();
  const sightAt = (spot: Spot, source: number): Sight => {
    const { term } = spot;
    const atEnd = term.text.length >= mayBeCut && spot.wrap === undefined && placeOf(spot, term.text.length) === sizes[source];
    const piece = pieceOf(spot, source);
    const shared = piece === undefined ? (atEnd ? cut : byTerm) : undefined;
    const known = shared?.get(term);
    if (known !== undefined) return known;
    const sight = sightOf(term, atEnd);
    sights.push(sight);
    shared?.set(term, sight);
    if (piece === undefined) return sight;
    const same = pieces.get(piece);
    if (same === undefined) pieces.set(piece, [{ sight, spot, source }]);
    else same.push({ sight, spot, source });
    return sight;
  };
  const places = readings.map(({ spots }, source): Places => ({ spots, sights: spots.map((spot) => sightAt(spot, source)) }));
  return { sights, places, pieces };
}
