import { extent, firstInk, limits, mayHoldData, type Around, type Job, type Leaves } from "./leaf.ts";
import { readData } from "./read-data.ts";
import { viewOf } from "./view.ts";

/** Takes a text apart: JSON (cut off or several in a row, too), Python's `repr`, JSON in JSON strings, else prose. */
export function leavesOf(text: string, around: Around = {}): Leaves {
  const into: Leaves = { leaves: [], tooDeep: [], dropped: [] };
  take({ view: viewOf(text), around, level: 0, home: undefined, into });
  return into;
}

/** A text as it stands, whatever it looks like. */
export const proseOf = (text: string): Leaves => ({ leaves: [{ view: viewOf(text), role: "text", key: undefined, parents: [], siblings: [], home: undefined }], tooDeep: [], dropped: [] });

/** Adds the leaves of one decoded text; a single one where the text holds no data. */
function take(job: Job): void {
  const { view, around, level, into } = job;
  const at = firstInk(view.text);
  if (mayHoldData(view.text, at)) {
    if (level >= limits.levels) return void into.tooDeep.push(extent(view));
    const before = [into.leaves.length, into.tooDeep.length, into.dropped.length] as const;
    if (readData(job, at, take)) return;
    [into.leaves.length, into.tooDeep.length, into.dropped.length] = before;
  }
  into.leaves.push({ view, role: level === 0 ? "text" : "string", key: around.key, parents: around.parents ?? [], siblings: around.siblings ?? [], home: job.home });
}
