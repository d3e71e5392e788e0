import type { Found, Seen } from "./engine.ts";
import type { Policy } from "./policy.ts";
import type { Replace } from "./replace.ts";
import type { Finding } from "./types.ts";

type Splice = { readonly text: string; readonly seen: Seen; readonly path: string; readonly replace: Replace; readonly policy: Policy };

/**
 * Writes the replacements into a text: everything else stays byte for byte. What is written holds no character that JSON
 * would escape, so it fits at any depth of strings in strings. Findings point into the result.
 */
export function spliceText({ text, seen, path, replace, policy }: Splice): { readonly text: string; readonly findings: Finding[] } {
  if (seen.dropped.some(([start, end, put]) => start === 0 && end === text.length && put !== "null")) return { text: JSON.stringify("[DROPPED]"), findings: [] };
  const edits: { readonly start: number; readonly end: number; readonly put: string; readonly found?: Found }[] = [];
  for (const [start, end, put] of seen.dropped) edits.push({ start, end, put });
  for (const found of seen.found) {
    if (seen.dropped.some(([start, end]) => found.start < end && found.end > start)) continue;
    const masked = found.tier === "certain" || policy.mask.includes(found.tier);
    const token = found.instead ?? replace(found.kind, found.value, found.leaf.role);
    edits.push({ start: found.start, end: found.end, put: masked ? token : text.slice(found.start, found.end), found: { ...found, instead: token } });
  }
  if (edits.length === 0) return { text, findings: [] };
  edits.sort((a, b) => a.start - b.start);
  let out = "";
  let from = 0;
  const findings: Finding[] = [];
  // Where the present outermost leaf begins in the result, to count offsets inside it.
  for (const { start, end, put, found } of edits) {
    out += text.slice(from, start);
    const at = out.length;
    out += put;
    from = end;
    if (found !== undefined)
      findings.push({
        kind: found.kind,
        tier: found.tier,
        path: path + found.leaf.pointer,
        start: at,
        end: at + put.length,
        token: found.instead ?? put,
        rule: found.rule,
      });
  }
  return { text: out + text.slice(from), findings };
}
