import { beginningsOf } from "../beginnings.ts";
import type { Emit } from "../hit.ts";
import { matchAt, placesOf, type Survey } from "../survey.ts";
import { vendorForms } from "./vendor-forms.ts";

const literal = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");

type Form = { readonly name: string; readonly begin: string; readonly pattern: RegExp };

/** Beginnings grouped by their first two characters; the longest first, so that `sk-ant-` wins over `sk-`. */
const byHead = new Map<number, Form[]>();
/** Forms known by a sign in their middle: sign, how far before it to begin. `skip`: where in the sign a word begins, or its `=`. */
const bySign: readonly { readonly name: string; readonly sign: string; readonly before: number; readonly skip?: number; readonly pattern: RegExp }[] = [
  { name: "terraform", sign: ".atlasv1.", skip: 1, before: 14, pattern: /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{50,80}/y },
  { name: "pipedream-webhook", sign: ".m.pipedream.net", skip: 3, before: 15, pattern: /eo[a-z0-9]{13}\.m\.pipedream\.net/y },
  { name: "newrelic", sign: "NRAL", before: 36, pattern: /[0-9a-f]{36}NRAL|[0-9a-f]{32}FFFFNRAL/y },
  { name: "maxmind", sign: "_mmk", skip: 1, before: 36, pattern: /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk/y },
  { name: "azure-ad", sign: "Q~", before: 4, pattern: /[\w~.]{3}\dQ~[\w~.-]{31,34}/y },
  { name: "azure-storage", sign: "AccountKey=", skip: 10, before: 0, pattern: /AccountKey=[A-Za-z0-9+/]{40,90}={0,2}/y },
  { name: "azure-sas", sign: "SharedAccessKey=", skip: 15, before: 0, pattern: /SharedAccessKey=[A-Za-z0-9+/]{30,90}={0,2}/y },
];
for (const [name, begin, rest] of [...vendorForms].sort((a, b) => b[1].length - a[1].length)) {
  const head = begin.charCodeAt(0) * 128 + begin.charCodeAt(1);
  byHead.set(head, [...(byHead.get(head) ?? []), { name, begin, pattern: new RegExp(literal(begin) + rest, "y") }]);
}

/** What vendors' tokens begin with, and tokens of JSON (`eyJ…`). */
export const vendorBeginnings = beginningsOf([...vendorForms.map(([, begin]) => [begin, 0] as const), ["eyJ", 0], ...bySign.flatMap(({ sign, skip }) => (skip === undefined || sign.endsWith("=") ? [] : [[sign.slice(skip), 0] as const]))], { anyCase: false });

/** Tokens with a vendor's own beginning, `certain`. */
export function findVendorTokens({ text, heads, signs }: Pick<Survey, "text" | "heads" | "signs">, emit: Emit): void {
  for (const start of heads) {
    const rows = byHead.get(text.charCodeAt(start) * 128 + text.charCodeAt(start + 1));
    if (rows === undefined) continue;
    for (const { name, pattern, begin } of rows) {
      if (!text.startsWith(begin, start)) continue;
      const found = matchAt(pattern, text, start)?.[0] ?? cutOff(text, start, begin);
      if (found === undefined) continue;
      const body = found.slice(begin.length);
      // Few long tokens have no digit; they still change between small and capital letters all the time.
      if (begin.length < 4 && !/\d/.test(body) && !(body.length >= 24 && (body.match(/[a-z][A-Z]/g)?.length ?? 0) >= 4)) continue;
      if (new Set(body).size < 5 || /^[a-z]+(?:[-_][a-z]+)*$/.test(body) || /^[a-z]+(?:-[a-z]+){2,}/.test(body)) continue;
      // A hash begins with a dollar sign.
      const from = name.endsWith("webhook") ? beginOfHook(text, start) : name.startsWith("hash") && text[start - 1] === "$" ? start - 1 : start;
      if (name === "hash-crypt" && from === start) break;
      emit({ start: from, end: start + found.length, kind: "SECRET", tier: "certain", rule: `token-${name}` });
      break;
    }
  }
  const assigned = signs.filter((at) => text.charCodeAt(at) === 61 && text.charCodeAt(at - 1) === 121 && text.startsWith("Key", at - 3));
  for (const { name, sign, skip, before, pattern } of bySign)
    for (const place of skip === undefined ? placesOf(text, sign) : sign.endsWith("=") ? assigned : heads) {
      const at = place - (skip ?? 0);
      if (!text.startsWith(sign, at)) continue;
      const found = matchAt(pattern, text, Math.max(0, at - before))?.[0];
      if (found === undefined) continue;
      const start = Math.max(0, at - before) + (sign.endsWith("=") ? sign.length : 0);
      emit({ start: name.endsWith("webhook") ? beginOfHook(text, start) : start, end: at - before + found.length, kind: "SECRET", tier: "certain", rule: `token-${name}` });
    }
}

/** A hook's address is one secret with its scheme. */
const beginOfHook = (text: string, start: number): number => start - (/https?:\/\/(?:[\w-]{1,40}\.){0,3}$/.exec(text.slice(Math.max(0, start - 90), start))?.[0].length ?? 0);

const tail = /[\w-]{4,64}(?=(?:\.{3}|…)?\s{0,2}(?:\[truncated\]|\[?…|$|\n\f))/y;
/** A field may be cut in the middle of a token: what stands at the very end after a long beginning is one, too. */
function cutOff(text: string, start: number, begin: string): string | undefined {
  if (begin.length < 4) return undefined;
  const rest = matchAt(tail, text, start + begin.length)?.[0];
  return rest === undefined || !/\d/.test(rest) ? undefined : begin + rest;
}
