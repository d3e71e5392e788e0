/**
 * How much a run of characters looks made by a machine. The table holds, for each pair of letters, ten steps of log-odds
 * of the pair in words and identifiers against chance (5: as by chance); counted by us over English prose and code.
 */
const pairs =
  "15651240503757050768431130744373117308206206637000407143720750652082053740002063349320800412510451400010" +
  "52674430200547141876031420734477008005127106546000305021813560043552065350001080019000701333710535400030" +
  "54655450001659740477040204814482106131128401717040006123922370142453036440202071248110801710720055420060" +
  "84129000700451770052500010606674806022145201783300103465134030366945085564410080228004601711750856500030" +
  "22120100200620001452922000714492307023437204663200405051720560232155016850103070318105800311620755401040" +
  "56546440501768260777000000803090108001215001321000008123811680241672076100000052637203600351370158200430" +
  "5231412040044547026511100181019104700531510132300044";

const steps = Uint8Array.from(pairs, Number);
const [signs, figures, capitals, smalls] = [1, 2, 3, 4];
/** When each character was last seen: by the number of the text. */
const stamps = new Float64Array(128);
let stamp = 0;

/** Shape of a run of token characters. `word` is the mean log-odds step of its letter pairs: 6 and more for words, near 3 by chance. */
export type Shape = {
  readonly length: number;
  readonly digits: number;
  readonly upper: number;
  readonly lower: number;
  readonly other: number;
  readonly word: number;
  /** Pairs that were judged. */
  readonly pairs: number;
  /** Changes between letters and digits, and from lower to upper case. */
  readonly turns: number;
  readonly distinct: number;
};

/** Measures `text`; one pass. */
export function shapeOf(text: string): Shape {
  let digits = 0;
  let upper = 0;
  let lower = 0;
  let other = 0;
  let sum = 0;
  let count = 0;
  let turns = 0;
  let before = -1;
  let last = 0;
  let distinct = 0;
  let foreign: Set<number> | undefined;
  stamp += 1;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 128) (foreign ??= new Set()).add(code);
    else if (stamps[code] !== stamp) {
      stamps[code] = stamp;
      distinct += 1;
    }
    let kind = signs;
    let letter = -1;
    if (code >= 48 && code <= 57) {
      digits += 1;
      kind = figures;
    } else if (code >= 65 && code <= 90) {
      upper += 1;
      kind = capitals;
      letter = code - 65;
    } else if (code >= 97 && code <= 122) {
      lower += 1;
      kind = smalls;
      letter = code - 97;
    } else other += 1;
    if (letter >= 0 && before >= 0 && !(kind === capitals && last === smalls)) {
      sum += steps[before * 26 + letter] ?? 0;
      count += 1;
    }
    if (last !== 0 && last !== kind && !(last === capitals && kind === smalls)) turns += 1;
    before = letter;
    last = kind;
  }
  return { length: text.length, digits, upper, lower, other, word: count === 0 ? 0 : sum / count, pairs: count, turns, distinct: distinct + (foreign?.size ?? 0) };
}

/**
 * 0 (a word, a path, a version) to 1 (surely made by a machine), for runs of 8 characters and more. A blend of how
 * unlike words its letters are, how often it turns between kinds of characters, and how many different ones it has.
 */
export function randomness(text: string): number {
  const shape = shapeOf(text);
  if (shape.length < 8 || shape.distinct < 5) return 0;
  const letters = shape.upper + shape.lower;
  if (letters === 0) return 0;
  const unlike = shape.pairs < 3 ? 0.5 : Math.max(0, Math.min(1, (6.1 - shape.word) / 2.6));
  const turning = Math.min(1, shape.turns / (shape.length * 0.28));
  const variety = Math.min(1, shape.distinct / Math.min(shape.length * 0.62, 24));
  const mixed = (shape.digits > 0 ? 0.5 : 0) + (shape.upper > 0 && shape.lower > 0 ? 0.5 : 0);
  return 0.4 * unlike + 0.3 * turning + 0.15 * variety + 0.15 * mixed;
}
