import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import { prettyCanonicalJson } from "../../core/base/json.ts";
import type { RunLog } from "../../core/ports.ts";
import { runFormat, trialFormat, type Run, type RunHeader, type Trial } from "../../core/replay/run.ts";
import { makePrivateFolder, writeFileAtomic } from "./atomic.ts";

/** How long a trial may wait for the disk, milliseconds. */
const patience = 250;
const newline = 0x0a;

type Open = { readonly fd: number; syncedAt: number; dirty: boolean };

/**
 * Runs as folders of `folder`: `<id>/run.json` and `<id>/trials.jsonl`, 0600. A trial is written to the file before `append`
 * returns, so killing the process loses at most the trial in hand; the file is synced at most every quarter of a
 * second and by `close`, so a power cut loses at most the last quarter. A last line that was cut short is dropped, and
 * cut away before the next append. A later trial of the same case and repeat stands for an earlier one.
 */
export function openRuns(folder: string): RunLog {
  const open = new Map<string, Open>();
  const trialsOf = (id: string): string => join(folder, id, "trials.jsonl");

  const handle = (id: string): Open => {
    const known = open.get(id);
    if (known !== undefined) return known;
    const path = trialsOf(id);
    const whole = existsSync(path) ? readFileSync(path).lastIndexOf(newline) + 1 : 0;
    const fd = openSync(path, "a", 0o600);
    ftruncateSync(fd, whole);
    const made = { fd, syncedAt: performance.now(), dirty: false };
    open.set(id, made);
    return made;
  };
  const headerOf = (id: string): RunHeader => {
    const path = join(folder, id, "run.json");
    if (!/^[\w.@-]+$/.test(id) || /^\.+$/.test(id) || !existsSync(path)) throw unknown(id, ids());
    return runFormat.read(parse(readFileSync(path, "utf8"), `runs/${id}/run.json`), `runs/${id}/run.json`);
  };
  const ids = (): string[] =>
    existsSync(folder) ? readdirSync(folder).filter((id) => existsSync(join(folder, id, "run.json"))).sort() : [];

  return {
    create(header) {
      makePrivateFolder(join(folder, header.id));
      writeFileAtomic(join(folder, header.id, "run.json"), prettyCanonicalJson(header), 0o600);
    },
    append(id, trial) {
      const at = handle(id);
      writeSync(at.fd, `${JSON.stringify(trial)}\n`);
      at.dirty = true;
      if (performance.now() - at.syncedAt < patience) return;
      fsyncSync(at.fd);
      at.syncedAt = performance.now();
      at.dirty = false;
    },
    close(id) {
      const at = open.get(id);
      if (at === undefined) return;
      open.delete(id);
      try {
        if (at.dirty) fsyncSync(at.fd);
      } finally {
        closeSync(at.fd);
      }
    },
    read(id) {
      const header = headerOf(id);
      const trials = readTrials(trialsOf(id), `runs/${id}/trials.jsonl`);
      return inOrder(header, trials);
    },
    list: () => ids().map(headerOf).sort((a, b) => (a.started_at < b.started_at ? -1 : a.started_at > b.started_at ? 1 : a.id < b.id ? -1 : 1)),
  };
}

/** Trials of the run's own cases, the last of each, in the order of the header. */
function inOrder(header: RunHeader, trials: readonly Trial[]): Run {
  const last = new Map(trials.map((trial) => [`${trial.repeat} ${trial.case_id}`, trial]));
  const sorted = header.cases.flatMap(({ id }) => Array.from({ length: header.repeat }, (_, repeat) => last.get(`${repeat} ${id}`) ?? [])).flat();
  return { header, trials: sorted, complete: sorted.length === header.cases.length * header.repeat };
}

function readTrials(path: string, where: string): Trial[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const trials: Trial[] = [];
  for (let start = 0, line = 1; ; line += 1) {
    const end = bytes.indexOf(newline, start);
    if (end < 0) return trials;
    const at = `${where}:${line}`;
    trials.push(trialFormat.read(parse(bytes.toString("utf8", start, end), at), at));
    start = end + 1;
  }
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CasebookError("bad-file", `${where}: not readable as JSON.`, { hint: "A run that was edited cannot be used; start a new one." });
  }
}

const unknown = (id: string, ids: readonly string[]): CasebookError =>
  new CasebookError("usage", `There is no run ${id.replace(/[^\w.@-]/g, "?")}.`, {
    hint: ids.length === 0 ? "Make one: casebook replay --prompt NAME@VERSION --depth frozen" : `There is ${ids.slice(-5).join(", ")}.`,
  });
