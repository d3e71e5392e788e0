import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Detector } from "../scan-text.ts";
import { ownCopy } from "../own.ts";
import { before, matchAt } from "../survey.ts";
import { glanceOf, mayHave, withLetter } from "./glance.ts";
import { commonWords } from "./common-words.ts";
import { isNoName } from "./persons.ts";
import { isUnlisted } from "./unlisted-names.ts";
import { sortedWords, type SortedWords } from "./sorted-words.ts";

/** Small words between the names of one person: those that only names have, and those that join other things, too. */
const particle = /^ (?:(van|von|zu|ten|ter|bin|bint|ibn)(?: de[nr]?| het)?|de(?: las?| los)?|del|della|da|dos?|di|du|al|el) $/;
/** What a person comes after: `hit by …`, `Package for …`, `Driver: …`. */
const introduced = /(?:^|[^\p{L}\p{N}])(?:by|for|from|with|to|and|party is|says|counsell?or|notary|witness|tenant|landlord) $|\p{Ll}: $/iu;

/** What one name alone may come after, and their last words. */
const alone = /(?:^|[^\p{L}])(?:ask|asked|tell|told|met|its|it['’]s|agent|adviser|advisor|nurse|judge|under|(?:first|given|last|family) name|(?:told|said|says) (?:\p{Ll}{2,4} )?that) $/iu;
const aloneLast = glanceOf("ask asked tell told met its it's it’s s agent adviser advisor nurse judge under name that".split(" "));

/** Whether the word that ends at `at` may be one that a name alone comes after. */
function mayStandBefore(text: string, at: number): boolean {
  let sum = 0;
  for (let i = at - 1; i >= 0 && at - i < 9; i -= 1) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 10 || code >= 128) break;
    sum = withLetter(sum, code);
  }
  return sum !== 0 && mayHave(aloneLast, sum);
}

/** `Svetlana, your …`. */
const spokenTo = /, (?:your?|I|I['’](?:m|ve|ll)|we|we['’](?:ve|ll)|please|thanks?|can|could|would) /y;

const handle = /(?<![\w./-])([a-z]{2,20})[._]([a-z]{2,20})[._]$/;
const titled = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Names of people: says of a word as written in text whether it is one. */
export type Names = (word: string) => boolean;

let list: SortedWords | undefined;

/** The list, read when it is first asked: a millisecond, and 1.8 MB for as long as the process lives. */
const known = (word: string): boolean => (list ??= sortedWords(readFileSync(createRequire(import.meta.url).resolve("humannames/list.txt")))).has(word);

/** The list has no accents: `José` is in it as `Jose`, `Łukasz` as `Lukasz`. */
const plain = (word: string): string => (ascii.test(word) ? word : word.normalize("NFD").replace(/\p{M}/gu, "").replace(/[łŁøØđĐðÐıßæÆœŒþÞ]/g, (letter) => letters[letter] ?? letter));
const ascii = /^[!-~]*$/;
const letters: Readonly<Record<string, string>> = { ł: "l", Ł: "L", ø: "o", Ø: "O", đ: "d", Đ: "D", ð: "d", Ð: "D", ı: "i", ß: "ss", æ: "ae", Æ: "Ae", œ: "oe", Œ: "Oe", þ: "th", Þ: "Th" };

/** The list of names, read when a capitalised pair is first seen, and those it lacks. A name with hyphens is one where each of its parts is. */
export const loadNames = (): Names => {
  const one = (word: string): boolean => known(word) || isUnlisted(word);
  return (given) => {
    const word = plain(given);
    return one(word) || (word.includes("-") && word.split("-").every(one));
  };
};

/** Asks once for each word: the same few are met again and again. */
function remembered(ask: Names): Names {
  const asked = new Map<string, boolean>();
  return (word) => {
    const known = asked.get(word);
    if (known !== undefined) return known;
    if (asked.size > 10_000) asked.clear();
    const made = ask(word);
    if (word.length <= 32) asked.set(ownCopy(word), made);
    return made;
  };
}

/**
 * Two to four capitalised words in a row of which all are names: likely where the first is no everyday word and one more is
 * none, suspect where only one is.
 */
export function namesDetector(isName: Names): Detector {
  /** Whether a word is a name and nothing else that begins with a capital. */
  const mayBeName = remembered((word) => !isNoName(word) && isName(word));
  const isLower = remembered((word) => isName(titled(word)));
  const everyday = (word: string): boolean => commonWords.has(word.toLowerCase());
  return ({ text, capitals, numbers }, emit) => {
    // `mia_li_3668`: a user made of a name.
    for (let i = 0; i < numbers.length; i += 3) {
      const at = numbers[i] ?? 0;
      const found = text.charCodeAt(at - 1) === 95 || text.charCodeAt(at - 1) === 46 ? handle.exec(before(text, at, 40)) : null;
      const digits = found === null ? undefined : /^\d{2,8}(?![\w])/.exec(text.slice(at, at + 9))?.[0];
      if (found === null || digits === undefined) continue;
      const [, first = "", last = ""] = found;
      if ([first, last].every(isLower) && !(everyday(first) && everyday(last)))
        emit({ start: at - found[0].length, end: at + digits.length, kind: "USER_ID", tier: "likely", rule: "name-and-number" });
    }
    for (let i = 0; i + 3 < capitals.length; i += 2) if ((capitals[i + 2] ?? 0) - (capitals[i + 1] ?? 0) <= 12) findPair(text, capitals, i);
    let speaker = -1;
    for (let i = 0; i + 1 < capitals.length; i += 2) {
      const start = capitals[i] ?? 0;
      const end = capitals[i + 1] ?? 0;
      const back = text.charCodeAt(start - 1);
      if (back === 32 && text.charCodeAt(start - 2) === 46) findInitials(text, start, end);
      else if (back === 32 && mayStandBefore(text, start - 1)) {
        if (standsAlone(text, start, end) && alone.test(before(text, start, 24))) put(start, end, "name-alone");
      } else if ((start === 0 || back === 10) && text.charCodeAt(end) === 58 && text.charCodeAt(end + 1) === 32 && standsAlone(text, start, end)) {
        // One line that begins so says little: two near each other are a conversation.
        if (speaker >= 0 && start - (capitals[speaker] ?? 0) < 600 && !text.slice(capitals[speaker] ?? 0, start).includes("\f"))
          for (const at of [speaker, i]) put(capitals[at] ?? 0, capitals[at + 1] ?? 0, "speaker");
        speaker = i;
      } else if ((start === 0 || back === 10) && text.charCodeAt(end) === 44 && standsAlone(text, start, end) && matchAt(spokenTo, text, end) !== null) put(start, end, "name-spoken-to");
    }
    for (let i = 0; i + 3 < capitals.length; ) {
      let last = i;
      while (last + 3 < capitals.length && last - i < 6 && (capitals[last + 2] ?? 0) - (capitals[last + 1] ?? 0) === 1 && text.charCodeAt(capitals[last + 1] ?? 0) === 32) last += 2;
      if (last > i) findRun(text, capitals, i, last);
      i = last + 2;
    }

    function put(start: number, end: number, rule: string): void {
      emit({ start, end, kind: "NAME", tier: "likely", rule });
    }

    /** Whether a word is a name and nothing else, and no part of something longer. */
    function standsAlone(text: string, start: number, end: number): boolean {
      const word = text.slice(start, end);
      return end - start > 2 && !/[\w/@(_-]/.test(text[end] ?? "") && mayBeName(word) && !everyday(word);
    }

    /** `A. Melnyk`, `J. R. Okafor`. */
    function findInitials(text: string, start: number, end: number): void {
      const initials = /(?:^|[^\p{L}\p{N}.])((?:\p{Lu}\. ?){1,3})$/u.exec(before(text, start, 12))?.[1];
      if (initials !== undefined && standsAlone(text, start, end)) put(start - initials.length, end, "initials-and-name");
    }

    /** A first name that is nothing else, and a last name that no list may know: with a small word of names between, or where a person is expected. */
    function findPair(text: string, capitals: readonly number[], at: number): void {
      const [start, end, next, stop] = [capitals[at] ?? 0, capitals[at + 1] ?? 0, capitals[at + 2] ?? 0, capitals[at + 3] ?? 0];
      const gap = next - end;
      if (end - start < 4 || text.charCodeAt(end) !== 32 || (gap === 1 ? text.charCodeAt(start - 1) !== 32 : gap < 4 || gap > 9)) return;
      const between = gap === 1 ? undefined : particle.exec(text.slice(end, next));
      if (between === null) return;
      const last = text.slice(next, stop);
      const first = text.slice(start, end);
      if (!mayBeName(first) || everyday(first)) return;
      if (between === undefined && (stop - next < 4 || !introduced.test(before(text, start, 16)) || (capitals[at + 4] === stop + 1 && text.charCodeAt(stop) === 32))) return;
      if (!/\p{Ll}/u.test(last) || /[\w/@(_-]/.test(text[stop] ?? "") || everyday(last) || isNoName(last)) return;
      if (between !== undefined && between[1] === undefined && !mayBeName(last)) return;
      emit({ start, end: stop, kind: "NAME", tier: "likely", rule: between === undefined ? "name-in-place" : "name-with-particle" });
    }

    /** The longest part of a run of capitalised words that is all names. */
    function findRun(text: string, capitals: readonly number[], first: number, last: number): void {
      for (let from = first; from < last; from += 2) {
        let to = from;
        while (to <= last && mayBeName(text.slice(capitals[to] ?? 0, capitals[to + 1] ?? 0))) to += 2;
        if (to - from < 4) continue;
        const start = capitals[from] ?? 0;
        const end = capitals[to - 1] ?? 0;
        const words = text.slice(start, end).split(" ");
        const plain = words.filter(everyday).length;
        if (/[\w./@#_-]/.test(text[start - 1] ?? "") || /[\w/@(_]/.test(text[end] ?? "") || plain === words.length) return;
        emit({ start, end, kind: "NAME", tier: plain < words.length - 1 && !everyday(words[0] ?? "") ? "likely" : "suspect", rule: "two-names" });
        return;
      }
    }
  };
}
