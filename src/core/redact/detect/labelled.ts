import type { Emit } from "../hit.ts";
import { matchAt, type Survey } from "../survey.ts";
import { type KeySense, lastWordOf, mayTell, senseOfKey, tellingWords } from "../keys.ts";
import { ownCopy } from "../own.ts";
import { glanceOf, mayHave, withLetter } from "./glance.ts";
import { shapeOf } from "./randomness.ts";
import { isStandIn } from "./secrets.ts";
import { isNoName, isPerson, persons } from "./persons.ts";
import { decodingsOf } from "../decode.ts";
import { plausible, type Part } from "./plausible.ts";

const quoted = /[\s*_]{0,4}\\{0,4}(["'`])([^"'`\\\n]{1,512})(?:\\{0,4}\1|$)/y;
const bare = /[ \t*_`]{0,6}([^\s"'`\\,;<>{}()|[\]&]{2,512})/y;
const restOfAssignment = /[^\s"'`\f]{2,512}/y;
const anything = /[ \t*_`]{0,6}([^\s"'`\\,;\f]{2,512})/y;
const restOfLine = /[ \t*_`]{0,6}([^\n"`<>{}|;]{2,120})/y;

/**
 * `name: value` and `name = value` in prose, code, logs and configuration: what a member's name says in JSON, said in
 * text. Looks back from each sign at most 100 characters, so the cost is linear.
 */
export function findLabelled({ text, signs, cues }: Survey, emit: Emit): void {
  for (const at of signs) {
    const next = text.charCodeAt(at + 1);
    // `::`, `==`, `!=`, `<=`, `://` are no labels; `:=` is one sign.
    if (next === 61 || next === 58 || next === 126 || (next === 47 && text.charCodeAt(at + 2) === 47)) continue;
    const back = text.charCodeAt(at - 1);
    const colon = text.charCodeAt(at) === 58;
    if (back < 128 && operators[back] === 1 && !(back === 42 && colon)) continue;
    const stop = back === 58 || back === 63 ? at - 1 : at;
    if (!mayLabel(text, stop)) continue;
    const from = next === 62 ? at + 2 : at + 1;
    const name = pairedName(text, stop, nameBefore(text, stop));
    if (name !== "") label(text, from, { name, word: false, spaced: back === 32 || text.charCodeAt(from) === 32, colon }, emit);
  }
  for (const at of cues.numbered) labelWithoutSign(text, at, emit);
  for (const at of cues.is) {
    if (text.charCodeAt(at - 1) !== 32 || !mayLabel(text, at - 1)) continue;
    const from = text.indexOf(" ", at) + 1;
    const name = nameBefore(text, at - 1);
    if (name !== "" && !text.startsWith("not ", from)) label(text, from, { name, word: true, spaced: true, colon: false }, emit);
  }
}

/** What a label without a sign says: an identifier with a digit in it, right after `policy number`, `passport`, `account`. */
function labelWithoutSign(text: string, at: number, emit: Emit): void {
  const end = text.indexOf(" ", at);
  const from = end + 1;
  if (matchAt(identifier, text, from) === null && (!/^(?:account|login)/.test(text.slice(at, end)) || matchAt(login, text, from) === null)) return;
  const name = nameBefore(text, end);
  const short = /(?:^| )policy$/i.test(name) ? matchAt(policy, text, from)?.[0] : /(?:^| )reg$/i.test(name) ? matchAt(plate, text, from)?.[0] : undefined;
  if (short !== undefined) return emit({ start: from, end: from + short.length, kind: "ID", tier: "likely", rule: "labelled" });
  label(text, from, { name, word: true, spaced: true, colon: false }, emit);
}
const identifier = /(?=[\w./ -]{0,14}\d)[A-Za-z0-9][\w./-]{1,40}/y;
/** What follows `policy` alone, and `reg`: digits enough to be no version. */
const policy = /(?=[A-Z/-]{0,6}\d{2,12}[\d/]{3})[A-Z\d][A-Z\d/-]{5,20}(?![\w])/y;
const plate = /(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]{1,3}-[A-Z]{1,2} ?\d{1,4}|\d{4} ?[A-Z]{3}|[A-Z]{2,3}[ -]?\d{3,4}[ -]?[A-Z]{0,2})(?![\w])/y;
const login = /[a-z]{2,20}(?:[._][a-z]{1,20})?\d{0,6}(?<=[._\d][a-z0-9]*)(?![\w@])/y;

/** Signs before a `:` or `=` that make another one of it. */
const operators = Uint8Array.from({ length: 128 }, (_, code) => ("=!<>+*/%|&^~".includes(String.fromCharCode(code)) ? 1 : 0));

/** Whether a name that ends at `at` could say anything, by its last word's letters: most do not, and no name is cut out for them. */
function mayLabel(text: string, at: number): boolean {
  let end = at;
  while (end > 0 && at - end < 8 && isDecoration(text.charCodeAt(end - 1))) end -= 1;
  if (at - end >= 8) return true;
  let i = end;
  let code = text.charCodeAt(i - 1);
  for (; code === 45 || code === 46 || code === 95; code = text.charCodeAt(i - 1)) i -= 1;
  if (code === 32) return i < end;
  const word = i;
  for (; code >= 48 && code <= 57; code = text.charCodeAt(i - 1)) i -= 1;
  const letters = i;
  let sum = 0;
  for (let capital = false; ; code = text.charCodeAt(i - 1)) {
    if (code >= 128 || letters - i > 40) return true;
    const small = code >= 97 && code <= 122;
    // `cardHolder`: the last word begins at the capital.
    if (capital && small) break;
    capital = code >= 65 && code <= 90;
    if (!small && !capital && !(code >= 48 && code <= 57)) break;
    sum = withLetter(sum, code);
    i -= 1;
  }
  if (i === letters) return i < word && isNameCode(code === 32 ? text.charCodeAt(i - 2) : code);
  if (mayHave(lastWords, sum)) return true;
  // `….password`, `…apikey`, `…pass`: words that end in one of these, without a blank.
  if (letters - i > 5 && letters === word && mayHave(secretEnds, withLetter(withLetter(withLetter(0, text.charCodeAt(letters - 1)), text.charCodeAt(letters - 2)), text.charCodeAt(letters - 3)))) return true;
  // `the password for github`: what it is of comes last.
  while (end - i < 41 && isNameCode(text.charCodeAt(i - 1))) i -= 1;
  return text.charCodeAt(i - 1) === 32 && "rfoRFO".includes(text.charAt(i - 2)) && /(?:for|of|to)$/i.test(text.slice(Math.max(0, i - 4), i - 1));
}

/** The words that end at `at`, quotes and emphasis apart: up to four, up to 70 characters. */
function nameBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < 8 && isDecoration(text.charCodeAt(end - 1))) end -= 1;
  let start = end;
  let words = 1;
  while (start > 0 && end - start < 70) {
    const code = text.charCodeAt(start - 1);
    if (isNameCode(code)) start -= 1;
    else if (code === 32 && words < 4 && start > 1 && isNameCode(text.charCodeAt(start - 2))) {
      words += 1;
      start -= 1;
    } else break;
  }
  return text.slice(start, end);
}
/** The name that `value` stands for after `- name: DB_PASSWORD`, and `default` in `variable "db_password" {`. */
function pairedName(text: string, at: number, name: string): string {
  if (name === "default") return /variable\s{1,2}"([\w-]{3,64})"\s{0,2}\{[^}]{0,120}$/.exec(text.slice(Math.max(0, at - 220), at - name.length))?.[1] ?? name;
  if (name !== "value" && name !== "Value") return name;
  return /(?:^|[\s"'{,])(?:name|key)["']?\s?[:=]\s{0,2}["']?([\w.-]{3,64})["']?,?\s{1,2}(?:\s{0,24}|\\n {0,24})["']?$/i.exec(text.slice(Math.max(0, at - 120), at - name.length))?.[1] ?? name;
}
// Blank, quotes, emphasis, closing brackets.
const isDecoration = (code: number): boolean => code === 32 || code === 34 || code === 39 || code === 96 || code === 42 || code === 92 || code === 95 || code === 41 || code === 93;
const isNameCode = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 45 || code === 46 || code > 191;

type Label = { readonly name: string; readonly word: boolean; readonly spaced: boolean; readonly colon: boolean };

type Judged = { readonly name: string; readonly last: string; readonly lastWord: string; readonly sense: KeySense | undefined };
const judged = new Map<string, Judged>();

/** What a name says; the same few are said again and again. */
function judge(cut: string): Judged {
  const known = judged.get(cut);
  if (known !== undefined) return known;
  const given = ownCopy(cut);
  if (judged.size > 10_000) judged.clear();
  // `the password is: …`
  const name = given.replace(/ (?:is|are|was|now|value)$/, "").replace(/^.{0,40}\b(creds?|credentials?|password|passcode|token|secret|api key) (?:for|of|to) [\w.-]{2,40}$/i, "$1");
  // In code the name is the last word (`const apiKey`), in prose the last few (`date of birth`).
  const last = name.slice(name.lastIndexOf(" ") + 1);
  const lastWord = lastWordOf(name);
  const sense = !mayTell(lastWord) ? undefined : senseOfKey({ key: name, parents: [], siblings: [] }) ?? (last === name ? undefined : senseOfKey({ key: last, parents: [], siblings: [] }));
  const made = { name, last, lastWord, sense };
  judged.set(given, made);
  return made;
}

function label(text: string, from: number, { name: given, word, spaced, colon }: Label, emit: Emit): void {
  const { name, last, lastWord, sense } = judge(given);
  if (word && (lastWord === "account" || lastWord === "login")) {
    const user = matchAt(login, text, from)?.[0];
    if (user !== undefined) return emit({ start: from, end: from + user.length, kind: "USER_ID", tier: "likely", rule: "labelled" });
  }
  if (sense === undefined) return bareName(text, from, { name, word: lastWord }, emit);
  const string = word ? null : matchAt(quoted, text, from);
  if (sense.secret) {
    if (string !== null) {
      const value = string[2] ?? "";
      const start = quoted.lastIndex - (string[0].endsWith(string[1] ?? "") ? closing(string[0]) : 0) - value.length;
      if (isStandIn(value) || value.length < 4 || isAddress(value, name)) return;
      const tier = secretTier(value, sense.kind);
      if (tier !== undefined) emit({ start, end: start + value.length, kind: sense.kind, tier, rule: "labelled-secret" });
      return;
    }
    const value = assignmentOn(text, from, name, spaced || colon) ?? matchAt(sense.kind === "PASSWORD" ? anything : bare, text, from)?.[1]?.replace(/[.,:)\]}]+$/, "");
    if (value === undefined || isStandIn(value) || value.length < 4 || isCode(value) || isAddress(value, name)) return;
    const start = text.indexOf(value, from);
    const next = text[start + value.length] ?? "";
    const shape = shapeOf(value);
    const assigned = /^[A-Z][A-Z0-9_]+$/.test(last) && !spaced;
    const wordy = shape.digits === 0 && /^[A-Za-z]+(?:[_.-][A-Za-z]+)*$/.test(value);
    if (next === "(" || next === "[" || (/^[\w$]+(?:\.[\w$]+)+$/.test(value) && shape.turns < value.length / 4)) return;
    if (assigned && value.length >= 6) return emit({ start, end: start + value.length, kind: sense.kind, tier: wordy ? "likely" : "certain", rule: "labelled-secret" });
    if (wordy && !(sense.kind === "PASSWORD" && (word || (colon && spaced)) && shape.upper > 1 && shape.lower > 1)) return;
    if (sense.kind === "PASSWORD" ? value.length < 6 || shape.turns < 1 : value.length < 8 || shape.digits === 0) return;
    if (/^\d+(?:[.,]\d+)*$/.test(value) && value.length < 8) return;
    if (sense.kind !== "PASSWORD" && /^[\w$]+$/.test(value) && shape.word > 5 && shape.digits < 4) return;
    emit({ start, end: start + value.length, kind: sense.kind, tier: "likely", rule: "labelled-secret" });
    return;
  }
  const body = string === null ? restAfter(text, from) : { value: string[2] ?? "", start: quoted.lastIndex - closing(string[0]) - (string[2] ?? "").length };
  if (body === undefined) return;
  const found = plausible(sense.kind, body.value, { exact: string !== null }) ?? (string === null ? undefined : encoded(sense.kind, body.value));
  if (found === undefined) return;
  const start = body.start + found.start;
  const next = text.slice(body.start + found.end, body.start + found.end + 2);
  if (string === null && (/^(?:\.\w|::|[([])/.test(next) || (!word && sense.kind === "NAME" && /^\p{Lu}\p{Ll}+\p{Lu}/u.test(body.value.slice(found.start, found.end)) && !colon))) return;
  if (sense.kind === "USER_ID" && /^v?\d+\.\d+/.test(body.value.slice(found.start))) return;
  // `handle = 'closed'`, `uid: 3f2504e0-…`: of a program, not of a person.
  if (sense.kind === "USER_ID" && ((string !== null && !/\d/.test(body.value) && /(?:^|[^a-z])(?:handle|login|user|uid)$/i.test(name)) || (/^login$/i.test(last) && /^[\d.]+$|^[0-9a-f]{7,}$/.test(body.value.trim().split(/\s/)[0] ?? "")) || /^\w+\.\w+\.\w+$/.test(body.value) || (/^uid$/i.test(last) && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(body.value)))) return;
  // `handle = self._reader` is code.
  if (string === null && sense.kind === "USER_ID" && !colon && !word && !/\d|^[a-z]{3,}[._][a-z]$|^[a-z][._][a-z]{3,}$/.test(body.value.slice(found.start, found.end))) return;
  emit({ start, end: body.start + found.end, kind: sense.kind, tier: string === null ? "likely" : sense.tier, rule: "labelled" });
}

/** All of what a line of an environment or of properties assigns: `DB_PASSWORD=x#y(z)`. A form's next field is none of it. */
function assignmentOn(text: string, from: number, name: string, other: boolean): string | undefined {
  if (other) return undefined;
  const start = text.lastIndexOf(name, from);
  const head = text.slice(Math.max(0, start - 24), start);
  if (!/(?:^|\n|\\n)[ \t]*(?:#[ \t]*|\+|-e |export |set |ENV |ARG )?$/.test(head)) return undefined;
  const value = matchAt(restOfAssignment, text, from)?.[0].replace(/&[\w.-]+=.*$/, "").replace(/\\[nr].*$/, "");
  return value === undefined || value.length < 4 || value.endsWith(",") ? undefined : value;
}

/** A call, an index, a member: what code says instead of a value. */
const isCode = (value: string): boolean => /^[(!]?[A-Za-z_$][\w$]*(?:(?:\??\.|->|::)[\w$]+)*[([]/.test(value) || /^[a-z_$][\w$]*(?:\.[a-z_$][\w$]*)+$/i.test(value) && !/\d{3}/.test(value) || /^\(\w+\./.test(value);

/** An address of a page or a file where a secret could stand; a hook's, or one with a user in it, is a secret itself. */
const isAddress = (value: string, name: string): boolean => (/^https?:\/\/[^@\s]*$/i.test(value) && !/hook|dsn|conn|sas|signed/i.test(name)) || (/^(?:PWD|OLDPWD)$/.test(name) && value.startsWith("/"));

/** The whole of a quoted value that decodes to one of its kind. */
function encoded(kind: string, value: string): Part | undefined {
  for (const { view, start, end, whole } of decodingsOf(value))
    if (whole && plausible(kind, view.text, { exact: true }) !== undefined) return { start, end: Math.min(end, value.length) };
  return undefined;
}

/** How many characters close a quoted value (backslashes and the quote). */
const closing = (whole: string): number => /\\{0,4}["'`]$/.exec(whole)?.[0].length ?? 0;

function restAfter(text: string, from: number): { readonly value: string; readonly start: number } | undefined {
  restOfLine.lastIndex = from;
  const found = restOfLine.exec(text);
  return found === null ? undefined : { value: found[1] ?? "", start: restOfLine.lastIndex - (found[1] ?? "").length };
}

/** Who is written as a login. */
const logged = new Set("reporter assignee author requester supervisor".split(" "));

/** `Name: Mia Li`: two or three capitalised words and nothing else on the line. One word is not enough to tell. */
function bareName(text: string, from: number, { name, word }: { readonly name: string; readonly word: string }, emit: Emit): void {
  if (!isPerson(word)) return;
  const rest = restAfter(text, from);
  const user = rest === undefined || !(logged.has(word) || /assigned[ _-]?to$/i.test(name)) ? undefined : /^[a-z][a-z._]{2,20}\d{1,6}(?=[\s,;]|$)/.exec(rest.value)?.[0];
  if (rest !== undefined && user !== undefined) return emit({ start: rest.start, end: rest.start + user.length, kind: "USER_ID", tier: "likely", rule: "labelled" });
  const value = rest === undefined ? undefined : /^\p{Lu}[\p{L}'’-]{1,24}(?: \p{Lu}\.)?(?: (?:de|da|van|von|der|den|ten|ter|dos|bin|al|el|la|di)){0,2}(?: \p{Lu}[\p{L}'’-]{1,24}){1,2}(?=\s*(?:$|[,(*;–-]|<|\.(?:\s|$)))/u.exec(rest.value)?.[0];
  if (rest === undefined || value === undefined) return;
  if (value.split(" ").some(isNoName)) return;
  // `- name: Smart Replies`: a list's sign says nothing of whose name it is.
  const sure = word !== "name" || name.replace(/^[-\s]+/, "").length > word.length;
  emit({ start: rest.start, end: rest.start + value.length, kind: "NAME", tier: sure ? "likely" : "suspect", rule: "labelled-name" });
}

const lastWords = glanceOf([...tellingWords(), ...persons, ..."is are was now default value".split(" ")]);
const secretEnds = glanceOf(["ord", "swd", "ase", "pwd", "key", "ken", "ass"]);

function secretTier(value: string, kind: string): "certain" | "likely" | "suspect" | undefined {
  const shape = shapeOf(value);
  if (/\s/.test(value) && shape.digits === 0) return kind === "PASSWORD" && value.length < 40 ? "suspect" : undefined;
  if (/^[\w.]+\.[\w.]+$/.test(value) && shape.digits === 0) return undefined;
  if (shape.digits > 0 && (shape.length >= 8 || shape.other > 0)) return shape.word > 5.4 && shape.digits < 3 && kind !== "PASSWORD" ? "likely" : "certain";
  if (kind === "PASSWORD" && (shape.other > 0 || shape.digits > 0) && !/^[a-z]+(?:[-_ ][a-z]+)*$/.test(value)) return "likely";
  if (shape.length >= 16 && shape.word < 5) return "likely";
  return "suspect";
}
