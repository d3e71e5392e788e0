import { CasebookError } from "../core/base/error.ts";
import type { RunLog } from "../core/ports.ts";
import type { Run, RunHeader } from "../core/replay/run.ts";

/**
 * The run a person means: its id, a beginning of it that only one has, or `latest` (also when nothing is said). Throws
 * `usage` naming the runs there are.
 */
export function findRun(runs: RunLog, ref = "latest"): Run {
  const all = [...runs.list()].sort(byTime);
  const meant = ref === "latest" ? all.slice(-1) : all.filter(({ id }) => id === ref);
  const found = meant.length > 0 ? meant : all.filter(({ id }) => ref !== "" && id.startsWith(ref));
  const [only] = found;
  if (only !== undefined && found.length === 1) return runs.read(only.id);
  const some = all.slice(-5).map(({ id }) => id);
  throw new CasebookError(
    "usage",
    all.length === 0 ? "There are no runs yet." : found.length > 1 ? `More than one run begins with ${ref}.` : `There is no run ${ref}.`,
    { hint: all.length === 0 ? "casebook replay DATASET --prompt NAME@VERSION" : `The last ones: ${some.join(", ")}` },
  );
}

const byTime = (a: RunHeader, b: RunHeader): number => (a.started_at === b.started_at ? (a.id < b.id ? -1 : 1) : a.started_at < b.started_at ? -1 : 1);
