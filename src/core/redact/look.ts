import { plausible } from "./detect/plausible.ts";
import { isStandIn } from "./detect/secrets.ts";
import { inOrder, type Hit } from "./hit.ts";
import { isNumberOfOurs } from "./replace.ts";
import type { Detector } from "./scan-text.ts";
import { sheetOf } from "./sheet.ts";
import type { Meaning, Term } from "./term.ts";
import { trait } from "./traits.ts";
import { silenced, type Tokens } from "./token.ts";

/** Finds in texts what the built-in detectors do not: a model, a company's own rules. One list of hits for each text. */
export type ExternalDetector = (texts: readonly string[]) => readonly (readonly Hit[])[];

type Looking = { readonly tokens: Tokens; readonly detectors: readonly Detector[]; readonly external?: ExternalDetector | undefined };

/** Lets the detectors, the members' names, the policy and a detector outside say what is in each term. */
export function lookAt(terms: readonly Term[], { tokens, detectors, external }: Looking): void {
  const sheet = sheetOf(detectors);
  const asked = new Map<string, Term[]>();
  for (const term of terms) {
    const { meaning, hits, traits } = term;
    const { role, own } = meaning;
    const text = (traits & (trait.bracket | trait.digits)) === 0 ? term.text : silenced(term.text, tokens);
    if (role === "number" && isNumberOfOurs(tokens, text)) continue;
    if (own !== undefined && own !== "keep") hits.push({ start: 0, end: text.length, kind: own, tier: "certain", rule: "policy-key" });
    const sense = own === "keep" ? undefined : role === "key" ? keyItself(meaning, text) : meant(meaning, text);
    if (sense !== undefined) hits.push(sense);
    if (role === "number" ? text.length < 7 : (traits & trait.dull) !== 0) continue;
    if (external !== undefined && text.length >= 8) asked.set(text, [...(asked.get(text) ?? []), term]);
    if (role === "number") sheet.add(keyFor(meaning, text), text, (hit) => hits.push({ ...hit, start: 0, end: text.length }));
    else sheet.add(keyFor(meaning, text), text, (hit) => hits.push(hit));
  }
  sheet.scan();
  if (external !== undefined && asked.size > 0) {
    const answers = external([...asked.keys()]);
    for (const [i, about] of [...asked.values()].entries()) for (const { hits } of about) hits.push(...(answers[i] ?? []));
  }
  for (const { hits } of terms) inOrder(hits);
}

/** The name that detectors see before a text. */
export const keyFor = ({ role, key }: Meaning, text: string): string => (role !== "key" && key !== undefined && key.length <= 64 && text.length <= 4096 ? key : "");

const masked = /^\[[A-Z][A-Z0-9_]*(?::[a-z2-7]{16})?\]$/;

/** The hit that the member's name makes of its whole value. */
function meant({ key, sense, role }: Meaning, text: string): Hit | undefined {
  if (key === undefined || sense === undefined || text.length > 2000) return undefined;
  const { kind, tier } = sense;
  if (!sense.secret) {
    if (role === "number" && !/PHONE|CARD|ZIP|ID$|ACCOUNT|GEO|SALARY|DOB/.test(kind)) return undefined;
    const part = plausible(kind, text, { exact: true });
    return part === undefined ? undefined : { ...part, kind, tier, rule: "member-name" };
  }
  const value = text.replace(/\u00a4+/g, " ").trim();
  // Small words left beside something that is masked already are no secret.
  if (value !== text.trim() && /^[A-Za-z .,:;!?-]*$/.test(value)) return undefined;
  if (value.length < 3 || isStandIn(value) || (role === "number" && value.length < 4) || masked.test(value)) return undefined;
  if (/\s/.test(value) && kind === "SECRET" && !/cookie|authorization|bearer|mnemonic|seed|key/i.test(key)) return undefined;
  const wordy = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/.test(value) && (kind !== "PASSWORD" || value.includes(" "));
  return { start: 0, end: text.length, kind, tier: wordy && value.length < 24 ? "suspect" : tier, rule: "member-name" };
}

/** Keys that carry data: `{"credit_card_4421486": {…}}` inside `payment_methods`. */
function keyItself({ holds }: Meaning, text: string): Hit | undefined {
  if (holds === undefined || text.length < 5 || !/\d/.test(text) || /^[\d._-]+$/.test(text)) return undefined;
  return { start: 0, end: text.length, kind: holds, tier: "certain", rule: "key" };
}
