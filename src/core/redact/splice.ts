import type { Found, Seen } from "./engine.ts";
import { pointerName } from "./fields.ts";
import type { Home, Trail } from "./leaf.ts";
import type { Policy } from "./policy.ts";
import type { Finding } from "./types.ts";

type Splice = { readonly text: string; readonly seen: Seen; readonly path: string; readonly policy: Pick<Policy, "mask"> };
/** One replacement: a range of the source, what is put there. */
type Edit = { readonly start: number; readonly end: number; readonly put: string; readonly found?: Found; readonly token?: string };

/**
 * Writes the replacements into a text: everything else stays byte for byte. What is written holds no character that JSON
 * would escape, so it fits at any depth of strings in strings. Findings point into the result.
 */
export function spliceText({ text, seen, path, policy }: Splice): { readonly text: string; readonly findings: Finding[] } {
  const edits = editsOf({ text, seen, policy });
  if (edits.length === 0) return { text, findings: [] };
  let out = "";
  let from = 0;
  const findings: Finding[] = [];
  let home: Home | undefined;
  let homeAt = 0;
  for (const { start, end, put, found, token } of edits) {
    if (found?.home !== undefined && found.home.start !== home?.start) {
      // The outermost string begins in text that stands unchanged since the last edit.
      home = found.home;
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

/** The same for who has no use for findings in the result. */
export function writeText({ text, seen, policy }: Omit<Splice, "path">): string {
  let out = "";
  let from = 0;
  for (const { start, end, put } of editsOf({ text, seen, policy })) {
    out += text.slice(from, start) + put;
    from = end;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** What is changed, in order and without overlaps: dropped values first, then what is masked. Suspects stay as they are. */
function editsOf({ text, seen, policy }: Omit<Splice, "path">): Edit[] {
  const gone = seen.dropped.length === 0 ? nothing : droppedIn(seen.dropped, text);
  const edits: Edit[] = [];
  let next = 0;
  for (const found of seen.found) {
    for (; (gone[next]?.end ?? Infinity) <= found.start; next += 1) edits.push(gone[next] as Edit);
    if ((gone[next]?.start ?? Infinity) < found.end) continue;
    const { token } = found;
    const masked = found.tier === "certain" || policy.mask.includes(found.tier);
    edits.push({ start: found.start, end: found.end, put: masked ? token : text.slice(found.start, found.end), found, token });
  }
  edits.push(...gone.slice(next));
  return edits;
}

const nothing: readonly Edit[] = [];

/** Ranges that are not kept, in order; one that lies in another goes with it. */
function droppedIn(dropped: Seen["dropped"], text: string): readonly Edit[] {
  const edits: Edit[] = [];
  for (const [start, end, put] of [...dropped].sort((a, b) => a[0] - b[0] || b[1] - a[1]))
    if (end > (edits.at(-1)?.end ?? -1)) edits.push({ start, end, put: start === 0 && end === text.length && put !== "null" ? JSON.stringify(put) : put });
  return edits;
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
    const inside: Edit[] = [];
    for (let i = firstFrom(edits, trail.at); (edits[i]?.end ?? Infinity) <= trail.end; i += 1) inside.push(edits[i] as Edit);
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

/** The first edit that begins at `at` or later. */
function firstFrom(edits: readonly Edit[], at: number): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((edits[mid]?.start ?? 0) < at) low = mid + 1;
    else high = mid;
  }
  return low;
}
