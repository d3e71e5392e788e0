import { splitBlobs } from "./blobs.ts";
import { plausible } from "./detect/plausible.ts";
import { isStandIn } from "./detect/secrets.ts";
import { note, type Harvest } from "./harvest.ts";
import type { Hit } from "./hit.ts";
import { senseOfKey, wordsOf } from "./keys.ts";
import type { Leaf } from "./leaf.ts";
import { isNumberOfOurs } from "./replace.ts";
import type { Detector } from "./scan-text.ts";
import { sheetOf, type Memo, type Scanned } from "./sheet.ts";
import { silenced, type Tokens } from "./token.ts";
import type { Work } from "./work.ts";

type Looking = {
  readonly tokens: Tokens;
  readonly detectors: readonly Detector[];
  readonly memo: Memo;
  readonly harvest: Harvest;
  readonly ignore?: ReadonlySet<string> | undefined;
  readonly keys?: ReadonlyMap<string, string> | undefined;
  readonly outside?: ReadonlyMap<string, readonly Hit[]> | undefined;
  readonly local?: Scanned | undefined;
};

/** Lets the detectors and the members' names say what is in each work; what is found goes into the harvest. */
export function lookAt(works: readonly Work[], { tokens, detectors, memo, harvest, ignore, keys, outside, local }: Looking): void {
  const sheet = sheetOf(detectors, memo, local);
  for (const { leaf, view, hits, dull, blobs } of works) {
    if (view.text.length < 2) continue;
    const text = silenced(view.text, tokens);
    if (leaf.role === "number" && isNumberOfOurs(tokens, text)) continue;
    const own = leaf.key === undefined ? undefined : keys?.get(leaf.key);
    if (own !== undefined && own !== "keep" && leaf.role !== "key") hits.push({ start: 0, end: text.length, kind: own, tier: "certain", rule: "policy-key" });
    const sense = own === "keep" ? undefined : leaf.role === "key" ? keyItself(leaf) : meaning(leaf, text);
    if (sense !== undefined) hits.push(sense);
    if (leaf.role === "number" ? text.length < 7 : dull) continue;
    for (const hit of outside?.get(text) ?? []) hits.push(hit);
    const key = leaf.role !== "key" && leaf.key !== undefined && leaf.key.length <= 64 && text.length <= 4096 ? leaf.key : "";
    if (leaf.role === "number") sheet.add(key, text, (hit) => hits.push({ ...hit, start: 0, end: text.length }));
    else if (!blobs) sheet.add(key, text, (hit) => hits.push(hit));
    else {
      const split = splitBlobs(text);
      hits.push(...split.hits);
      for (const [at, piece] of split.pieces) sheet.add("", piece, (hit) => hits.push({ ...hit, start: hit.start + at, end: hit.end + at }));
    }
  }
  sheet.scan();
  noteFullNames(works, harvest);
  for (const { hits, view } of works) for (const hit of hits) if (hit.tier !== "suspect" && ignore?.has(hit.kind) !== true && hit.end - hit.start <= 400) note(harvest, hit.kind, view.text.slice(hit.start, hit.end), hit.tier);
}

const firstName = /^(?:first|given|fore|f)_?name$/i;
const lastName = /^(?:last|family|sur|l)_?name$|^surname$/i;

/** First and last name of one object are a name together, too: `Mia Li`, `mia_li_3668`. */
function noteFullNames(works: readonly Work[], harvest: Harvest): void {
  const people = new Map<readonly string[], { first?: string; last?: string }>();
  for (const { leaf, view } of works) {
    if (leaf.key === undefined || leaf.role !== "string" || view.text.length > 40) continue;
    const last = leaf.key.charCodeAt(leaf.key.length - 1);
    if (last !== 101 && last !== 69) continue;
    const part = firstName.test(leaf.key) ? "first" : lastName.test(leaf.key) ? "last" : undefined;
    if (part !== undefined) people.set(leaf.siblings, { ...people.get(leaf.siblings), [part]: view.text });
  }
  for (const { first, last } of people.values()) if (first !== undefined && last !== undefined && plausible("NAME", `${first} ${last}`, { exact: true }) !== undefined && !masked.test(first) && !masked.test(last)) note(harvest, "NAME", `${first} ${last}`, "certain");
}

const masked = /^\[[A-Z][A-Z0-9_]*(?::[a-z2-7]{16})?\]$/;

/** The hit that the member's name makes of its whole value. */
function meaning(leaf: Leaf, text: string): Hit | undefined {
  if (leaf.key === undefined || text.length > 2000) return undefined;
  const sense = senseOfKey({ key: leaf.key, parents: leaf.parents, siblings: leaf.siblings });
  if (sense === undefined) return undefined;
  const { kind, tier } = sense;
  if (!sense.secret) {
    if (leaf.role === "number" && !/PHONE|CARD|ZIP|ID$|ACCOUNT|GEO|SALARY|DOB/.test(kind)) return undefined;
    const part = plausible(kind, text, { exact: true });
    return part === undefined ? undefined : { ...part, kind, tier, rule: "member-name" };
  }
  const value = text.replace(/\u00a4+/g, " ").trim();
  // Small words left beside something that is masked already are no secret.
  if (value !== text.trim() && /^[A-Za-z .,:;!?-]*$/.test(value)) return undefined;
  if (value.length < 3 || isStandIn(value) || (leaf.role === "number" && value.length < 4) || masked.test(value)) return undefined;
  if (/\s/.test(value) && kind === "SECRET" && !/cookie|authorization|bearer|mnemonic|seed|key/i.test(leaf.key)) return undefined;
  const wordy = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/.test(value) && (kind !== "PASSWORD" || value.includes(" "));
  return { start: 0, end: text.length, kind, tier: wordy && value.length < 24 ? "suspect" : tier, rule: "member-name" };
}

/** Keys that carry data: `{"credit_card_4421486": {…}}` inside `payment_methods`. */
function keyItself(leaf: Leaf): Hit | undefined {
  const parent = leaf.parents.at(-1);
  const { text } = leaf.view;
  if (parent === undefined || text.length < 5 || !/\d/.test(text) || /^[\d._-]+$/.test(text)) return undefined;
  const words = wordsOf(parent);
  const last = words.at(-1) ?? "";
  const kind = words.includes("payment") || (words.includes("cards") && words.length < 3) ? "PAYMENT_ID" : /^(?:customers|users|members|patients|passengers|employees|accounts|profiles)$/.test(last) ? "USER_ID" : undefined;
  return kind === undefined ? undefined : { start: 0, end: text.length, kind, tier: "certain", rule: "key" };
}
