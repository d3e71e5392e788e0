import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readdirSync, readFileSync, readSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import { parseJson } from "../../core/base/json.ts";
import type { Problem } from "../../core/base/problem.ts";
import { effectiveLabels, historyOf, labelEventFormat, type LabelEvent, type SuspectEvent } from "../../core/label/event.ts";
import type { Label } from "../../core/label/label.ts";
import type { LabelJournal } from "../../core/ports.ts";
import { fsyncFolder, makePrivateFolder } from "./atomic.ts";

/** A name that may be a file name and may be committed with cases. Throws `usage` for anything else. */
export function checkAnnotator(name: string): string {
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$/i.test(name))
    throw new CasebookError("usage", "An annotator is a short name of letters, digits, dots, dashes and underscores.", {
      hint: "It is committed with the cases, so no address: --annotator ann",
    });
  return name.toLowerCase();
}

/**
 * Opens the journal of one annotator: `<folder>/<annotator>.jsonl`, 0600, one event per line, only ever appended to. An
 * `append` of a decision is on the disk when it returns; of a draft, with the operating system. A line torn by a crash is
 * closed off before the next one is written, and passed over by readers.
 */
export function openJournal(folder: string, annotator: string): LabelJournal {
  const path = join(folder, `${checkAnnotator(annotator)}.jsonl`);
  let fd: number | undefined;
  return {
    read: () => readJournal(path).events,
    append(event: LabelEvent): void {
      if (fd === undefined) {
        makePrivateFolder(folder);
        const fresh = !existsSync(path);
        fd = openSync(path, "a+", 0o600);
        if (fresh) fsyncFolder(folder);
        if (endsTorn(fd)) writeSync(fd, "\n");
      }
      writeWhole(fd, Buffer.from(`${JSON.stringify(event)}\n`));
      if (event.kind !== "draft") fsyncSync(fd);
    },
    close(): void {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

function endsTorn(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

/** The events of one journal and the lines that are not JSON (torn by a crash). Throws on a line of another shape. */
export function readJournal(path: string): { readonly events: readonly LabelEvent[]; readonly problems: readonly Problem[] } {
  const events: LabelEvent[] = [];
  const problems: Problem[] = [];
  if (!existsSync(path)) return { events, problems };
  const file = `.casebook/labels/${basename(path)}`;
  const lines = readFileSync(path, "utf8").split("\n");
  lines.forEach((text, index) => {
    if (text === "") return;
    const where = { file, line: index + 1 };
    const value = parseJson(text);
    if (value !== undefined) events.push(labelEventFormat.read(value, `${file}:${where.line}`));
    else
      problems.push({
        code: "torn-line",
        where,
        message: "This line was cut off, most likely by a crash; it is passed over.",
        remedy: "Nothing to do: the decision in hand at that moment is asked again.",
      });
  });
  return { events, problems };
}

/** The labels in effect of all annotators, by name of annotator, then in the order they were decided. */
export function readLabels(folder: string): readonly Label[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) => effectiveLabels(readJournal(join(folder, name)).events));
}

/** What all annotators decided on suspects of redaction, by trace and place; to mask wins over to allow. */
export function readSuspects(folder: string): ReadonlyMap<string, SuspectEvent> {
  const decided = new Map<string, SuspectEvent>();
  if (!existsSync(folder)) return decided;
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".jsonl")).sort())
    for (const [key, event] of historyOf(readJournal(join(folder, name)).events).suspects)
      if (decided.get(key) === undefined || event.kind !== "allow") decided.set(key, event);
  return decided;
}
