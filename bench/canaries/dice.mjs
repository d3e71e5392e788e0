/** mulberry32 with the draws a generator needs: the same seed gives the same values in the same order. */
export function diceOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (bound) => Math.floor(next() * bound);
  const pick = (list) => list[below(list.length)];
  const of = (alphabet) => (length) => Array.from({ length }, () => alphabet[below(alphabet.length)]).join("");
  return {
    next,
    below,
    pick,
    digits: of("0123456789"),
    hex: of("0123456789abcdef"),
    upper: of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    capitals: of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    alnum: of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
    base64: of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
    /** `count` letters that read like a name and are in no list of names: syllables. */
    name: (count) => {
      const word = Array.from({ length: count }, () => pick(syllables)).join("");
      return word[0].toUpperCase() + word.slice(1);
    },
  };
}

const syllables = "kar vel tem bra dor fen gol hul jas mer nor pel quil ros sel tor ulm vim wes yor zan bli cru dra fli gre hos jun kli lom mun nib oss pru rin sku tav urr vod wim".split(" ");
