import { extent, firstInk, limits, mayHoldData, type Around, type Job, type Leaves } from "./leaf.ts";
import { readData } from "./read-data.ts";
import { endOfString } from "./strings.ts";
import { sliceView, viewOf } from "./view.ts";

/** Takes a text apart: JSON (cut off or several in a row, too), Python's `repr`, JSON in JSON strings, else prose. */
export function leavesOf(text: string, around: Around = {}, wanted?: Leaves["wanted"]): Leaves {
  const into: Leaves = { leaves: [], names: new Set(), wanted, tooDeep: [], dropped: [], persons: false };
  take({ view: viewOf(text), around, level: 0, home: undefined, into });
  return into;
}

/** A text as it stands, whatever it looks like. */
export const proseOf = (text: string): Leaves => ({ leaves: [{ view: viewOf(text), role: "text", key: undefined, parents: [], siblings: [], home: undefined }], names: new Set(), wanted: undefined, tooDeep: [], dropped: [], persons: false });

/** Adds the leaves of one decoded text; a single one where the text holds no data. */
function take(job: Job): void {
  const { view, around, level, into } = job;
  const at = firstInk(view.text);
  if (mayHoldData(view.text, at)) {
    if (level >= limits.levels) return void into.tooDeep.push(extent(view));
    const before = [into.leaves.length, into.tooDeep.length, into.dropped.length] as const;
    if (readData(job, at, take)) return;
    // Names that were noted before it turned out to be prose do no harm: what stands there is masked all the same.
    [into.leaves.length, into.tooDeep.length, into.dropped.length] = before;
  }
  into.leaves.push({ view, role: level === 0 ? "text" : "string", key: around.key, parents: around.parents ?? [], siblings: around.siblings ?? [], home: job.home });
  if (level + 1 < limits.levels && view.text.includes('{"')) for (const [from, end] of objectsIn(view.text)) {
    const before = [into.leaves.length, into.tooDeep.length, into.dropped.length] as const;
    if (!readData({ ...job, view: sliceView(view, from, end), level: level + 1 }, 0, take)) [into.leaves.length, into.tooDeep.length, into.dropped.length] = before;
  }
}

/** Objects that stand in prose (`called it with {"dob":"…"}`), whole ones only. What never closes is given up after a few. */
function* objectsIn(text: string): Generator<readonly [number, number]> {
  let open = 0;
  for (let at = text.indexOf('{"'); at >= 0 && open < 8; at = text.indexOf('{"', at)) {
    const end = endOfObject(text, at);
    if (end === undefined) {
      open += 1;
      at += 1;
    } else {
      yield [at, end];
      at = end;
    }
  }
}

const bracket = /["{}]/g;
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; ; ) {
    bracket.lastIndex = at;
    const found = bracket.exec(text);
    if (found === null) return undefined;
    at = found.index + 1;
    if (found[0] === '"') at = endOfString(text, found.index) + 1;
    else depth += found[0] === "{" ? 1 : -1;
    if (depth === 0) return at;
  }
}
