import type { Emit } from "../hit.ts";
import { senseOfKey, wordsOf } from "../keys.ts";
import { shapeOf } from "./randomness.ts";
import { isStandIn } from "./secrets.ts";
import { plausible } from "./plausible.ts";

const sign = /(?:=>|:=|[:=]|\bis\b(?! not)|\bare\b)/g;
const nameBefore = /(?:[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63})(?:[ -][\p{L}\p{N}][\p{L}\p{N}_-]{0,31}){0,3}(?:[\s*"'`\\_)\]]{0,6})$/u;
const quoted = /[\s*_]{0,4}\\{0,4}(["'`])([^"'`\\\n]{1,512})(?:\\{0,4}\1|$)/y;
const bare = /[ \t*_`]{0,6}([^\s"'`\\,;<>{}()|[\]&]{2,512})/y;
const restOfLine = /[ \t*_`]{0,6}([^\n"`<>{}|;]{2,120})/y;

/**
 * `name: value` and `name = value` in prose, code, logs and configuration: what a member's name says in JSON, said in
 * text. Looks back from each sign at most 100 characters, so the cost is linear.
 */
export function findLabelled(text: string, emit: Emit): void {
  for (const match of text.matchAll(sign)) {
    const at = match.index;
    const word = match[0].length > 2 || match[0] === "is";
    const before = text.slice(Math.max(0, at - 100), at);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    // `::`, `==`, `!=`, `<=`, `://` are no labels.
    if (!word && (/[:=!<>+*/%|&^-]$/.test(line) || /^[:=~]|^\/\//.test(text.slice(at + match[0].length, at + match[0].length + 2)))) continue;
    const name = nameBefore.exec(line)?.[0];
    if (name === undefined || (!word && name.length > 70)) continue;
    label(text, at + match[0].length, { name: name.replace(/[\s*"'`\\_)\]]+$/, ""), word, spaced: /\s$/.test(line) || /^\s/.test(text.slice(at + match[0].length, at + match[0].length + 1)), colon: match[0] === ":" }, emit);
  }
}

type Label = { readonly name: string; readonly word: boolean; readonly spaced: boolean; readonly colon: boolean };

function label(text: string, from: number, { name, word, spaced, colon }: Label, emit: Emit): void {
  // In code the name is the last word (`const apiKey`), in prose the last few (`date of birth`).
  const last = name.split(/[\s]+/).at(-1) ?? "";
  const sense = senseOfKey({ key: name, parents: [], siblings: [] }) ?? (last === name ? undefined : senseOfKey({ key: last, parents: [], siblings: [] }));
  if (sense === undefined) return bareName(text, from, wordsOf(name), emit);
  quoted.lastIndex = from;
  const string = word ? null : quoted.exec(text);
  if (sense.secret) {
    if (string !== null) {
      const value = string[2] ?? "";
      const start = quoted.lastIndex - (string[0].endsWith(string[1] ?? "") ? closing(string[0]) : 0) - value.length;
      if (isStandIn(value) || value.length < 4) return;
      const tier = secretTier(value, sense.kind);
      if (tier !== undefined) emit({ start, end: start + value.length, kind: sense.kind, tier, rule: "labelled-secret" });
      return;
    }
    bare.lastIndex = from;
    const value = bare.exec(text)?.[1]?.replace(/[.,:]+$/, "");
    if (value === undefined || isStandIn(value) || value.length < 4) return;
    const start = text.indexOf(value, from);
    const next = text[start + value.length] ?? "";
    const shape = shapeOf(value);
    const assigned = /^[A-Z][A-Z0-9_]+$/.test(last) && !spaced;
    const wordy = shape.digits === 0 && shape.other === 0;
    if (next === "(" || next === "[" || (/^[\w$]+(?:\.[\w$]+)+$/.test(value) && shape.turns < value.length / 4)) return;
    if (assigned && value.length >= 6) return emit({ start, end: start + value.length, kind: sense.kind, tier: wordy ? "likely" : "certain", rule: "labelled-secret" });
    if (wordy && !(sense.kind === "PASSWORD" && (word || (colon && spaced)) && shape.upper > 1 && shape.lower > 1)) return;
    if (sense.kind === "PASSWORD" ? value.length < 6 || shape.turns < 1 : value.length < 8 || shape.digits === 0) return;
    if (/^\d+(?:[.,]\d+)*$/.test(value) && value.length < 8) return;
    if (sense.kind !== "PASSWORD" && /^[\w$]+$/.test(value) && shape.word > 5.2 && shape.digits < 3) return;
    emit({ start, end: start + value.length, kind: sense.kind, tier: "likely", rule: "labelled-secret" });
    return;
  }
  const body = string === null ? restAfter(text, from) : { value: string[2] ?? "", start: quoted.lastIndex - closing(string[0]) - (string[2] ?? "").length };
  if (body === undefined) return;
  const found = plausible(sense.kind, body.value, { exact: string !== null });
  if (found === undefined) return;
  const start = body.start + found.start;
  emit({ start, end: body.start + found.end, kind: sense.kind, tier: string === null ? "likely" : sense.tier, rule: "labelled" });
}

/** How many characters close a quoted value (backslashes and the quote). */
const closing = (whole: string): number => /\\{0,4}["'`]$/.exec(whole)?.[0].length ?? 0;

function restAfter(text: string, from: number): { readonly value: string; readonly start: number } | undefined {
  restOfLine.lastIndex = from;
  const found = restOfLine.exec(text);
  return found === null ? undefined : { value: found[1] ?? "", start: restOfLine.lastIndex - (found[1] ?? "").length };
}

/** `Name: Mia Li`: two or three capitalised words and nothing else on the line. One word is not enough to tell. */
function bareName(text: string, from: number, words: readonly string[], emit: Emit): void {
  if (words.at(-1) !== "name" && !/^(?:passengers?|customer|patient|client|guest|contact|attn|attention|dear|from|to|sender|recipient|cardholder|author|employee|attendees?|owner|traveler|payer|payee)$/.test(words.at(-1) ?? "")) return;
  const rest = restAfter(text, from);
  const value = rest === undefined ? undefined : /^\p{Lu}[\p{L}'’-]{1,24}(?: \p{Lu}\.)?(?: (?:de|da|van|von|der|bin|al|el|la|di)){0,2}(?: \p{Lu}[\p{L}'’-]{1,24}){1,2}(?=\s*(?:$|[,(*;–-]|<))/u.exec(rest.value)?.[0];
  if (rest === undefined || value === undefined) return;
  const sure = words.length > 1 || words[0] !== "name";
  emit({ start: rest.start, end: rest.start + value.length, kind: "NAME", tier: sure ? "likely" : "suspect", rule: "labelled-name" });
}

function secretTier(value: string, kind: string): "certain" | "likely" | "suspect" | undefined {
  const shape = shapeOf(value);
  if (/\s/.test(value) && shape.digits === 0) return kind === "PASSWORD" && value.length < 40 ? "suspect" : undefined;
  if (/^[\w.]+\.[\w.]+$/.test(value) && shape.digits === 0) return undefined;
  if (shape.digits > 0 && (shape.length >= 8 || shape.other > 0)) return shape.word > 5.4 && shape.digits < 3 && kind !== "PASSWORD" ? "likely" : "certain";
  if (kind === "PASSWORD" && (shape.other > 0 || shape.digits > 0) && !/^[a-z]+(?:[-_ ][a-z]+)*$/.test(value)) return "likely";
  if (shape.length >= 16 && shape.word < 5) return "likely";
  return "suspect";
}
