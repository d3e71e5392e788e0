import type { Found, Seen } from "./engine.ts";
import { pointerName } from "./fields.ts";
import type { Home, Trail } from "./leaf.ts";
import type { Policy } from "./policy.ts";
import type { Replace } from "./replace.ts";
import type { Finding } from "./types.ts";

type Splice = { readonly text: string; readonly seen: Seen; readonly path: string; readonly replace: Replace; readonly policy: Pick<Policy, "mask"> };
/** One replacement: a range of the source, what is put there. */
type Edit = { readonly start: number; readonly end: number; readonly put: string; readonly found?: Found; readonly token?: string };

/**
 * Writes the replacements into a text: everything else stays byte for byte. What is written holds no character that JSON
 * would escape, so it fits at any depth of strings in strings. Findings point into the result.
 */
export function spliceText({ text, seen, path, replace, policy }: Splice): { readonly text: string; readonly findings: Finding[] } {
  const edits = editsOf({ text, seen, replace, policy });
  if (edits.length === 0) return { text, findings: [] };
  let out = "";
  let from = 0;
  const findings: Finding[] = [];
  let home: Home | undefined;
  let homeAt = 0;
  for (const { start, end, put, found, token } of edits) {
    if (found?.leaf.home !== undefined && found.leaf.home.start !== home?.start) {
      // The outermost string begins in text that stands unchanged since the last edit.
      home = found.leaf.home;
      homeAt = out.length + home.start - from;
    }
    out += text.slice(from, start);
    const at = out.length;
    out += put;
    from = end;
    if (found === undefined || token === undefined) continue;
    const base = home === undefined ? at : lengthOf(out.slice(homeAt, at));
    const where = home === undefined ? path : path + pointerOf(home.trail, text, edits);
    findings.push({ kind: found.kind, tier: found.tier, path: where, start: base, end: base + (home === undefined ? put.length : lengthOf(put)), token, rule: found.rule });
  }
  return { text: out + text.slice(from), findings };
}

/** What is changed, in order and without overlaps: dropped values first, then what is masked. Suspects stay as they are. */
function editsOf({ text, seen, replace, policy }: Omit<Splice, "path">): Edit[] {
  const edits: Edit[] = [];
  for (const [start, end, put] of seen.dropped) if (!edits.some((edit) => edit.start <= start && edit.end >= end)) edits.push({ start, end, put: start === 0 && end === text.length && put !== "null" ? JSON.stringify(put) : put });
  const gone = [...edits];
  for (const found of seen.found) {
    if (gone.some((edit) => found.start < edit.end && found.end > edit.start)) continue;
    const token = found.instead ?? replace(found.kind, found.value, found.leaf.role);
    const masked = found.tier === "certain" || policy.mask.includes(found.tier);
    edits.push({ start: found.start, end: found.end, put: masked ? token : text.slice(found.start, found.end), found, token });
  }
  return edits.sort((a, b) => a.start - b.start);
}

/** Length of a piece of a JSON string body once it is decoded. */
function lengthOf(piece: string): number {
  if (!piece.includes("\\")) return piece.length;
  return piece.replace(/\\(?:u[0-9a-fA-F]{4}|.)/gs, "x").length;
}

/** The pointer to a leaf in the redacted JSON: a member's name that was masked is written masked. */
function pointerOf(trail: Trail | undefined, text: string, edits: readonly Edit[]): string {
  if (trail === undefined) return "";
  let name = trail.name;
  if (trail.at >= 0) {
    const inside = edits.filter((edit) => edit.start >= trail.at && edit.end <= trail.end);
    if (inside.length > 0) {
      let raw = "";
      let from = trail.at;
      for (const { start, end, put } of inside) {
        raw += text.slice(from, start) + put;
        from = end;
      }
      name = JSON.parse(`"${raw}${text.slice(from, trail.end)}"`) as string;
    }
  }
  return `${pointerOf(trail.up, text, edits)}/${pointerName(name)}`;
}
