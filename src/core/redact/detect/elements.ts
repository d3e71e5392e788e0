import type { Emit } from "../hit.ts";
import { lastWordOf, mayTell, senseOfKey } from "../keys.ts";
import { matchAt, placesOf, type Survey } from "../survey.ts";
import { isFullName, isSomebody } from "./persons.ts";
import { plausible } from "./plausible.ts";

const closing = /<\/([A-Za-z_][\w.:-]{1,40})>/y;
const opened = /<([A-Za-z_][\w.:-]{1,40})(?: [^<>]{0,120})?>$/;
const tags = /<([A-Za-z_][\w.:-]{1,40})/g;

/** `<Claimant>Mia Li</Claimant>`: an element's name says what its text is, as a member's does in JSON. */
export function findElements({ text }: Survey, emit: Emit): void {
  for (const at of placesOf(text, "</")) {
    const name = matchAt(closing, text, at)?.[1];
    const word = name === undefined ? "" : lastWordOf(name);
    if (name === undefined || !(mayTell(word) || isSomebody(word))) continue;
    const from = text.lastIndexOf(">", at) + 1;
    const value = at - from > 160 ? "" : text.slice(from, at);
    if (value.trim() === "" || /[<\f]/.test(value) || opened.exec(text.slice(Math.max(0, from - 170), from))?.[1] !== name) continue;
    const sense = senseOfKey({ key: name, parents: [], siblings: [] }) ?? senseOfKey({ key: name, parents: [], siblings: tagsAround(text, at) });
    if (sense?.secret === true) continue;
    const part = sense !== undefined ? plausible(sense.kind, value, { exact: true }) : isSomebody(word) && isFullName(value) ? { start: 0, end: value.length } : undefined;
    if (part !== undefined) emit({ start: from + part.start, end: from + part.end, kind: sense?.kind ?? "NAME", tier: sense?.tier ?? "likely", rule: "element" });
  }
}

const tagsAround = (text: string, at: number): string[] => Array.from(text.slice(Math.max(0, at - 200), at + 200).split("\f")[0]?.matchAll(tags) ?? [], ([, name = ""]) => name);
