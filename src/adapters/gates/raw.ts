import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { CasebookError } from "../../core/base/error.ts";
import { startHarvest, type Harvest } from "../../core/dataset/leak-harvest.ts";

/**
 * Harvests what is sensitive in raw exports (JSON, or JSON lines, gzip or not), for the gate that looks for it in what is about to be
 * committed. Nothing of it is kept beyond the process. Throws `usage` for a file that cannot be read.
 */
export function harvestFiles(files: readonly string[], name: (value: string) => string): Harvest {
  const harvest = startHarvest(name);
  for (const file of files) for (const record of recordsOf(file)) harvest.add(record);
  return harvest;
}

function* recordsOf(file: string): Iterable<unknown> {
  const text = textOf(file);
  const whole = parse(text);
  if (whole !== undefined) yield whole;
  else
    for (const line of text.split("\n")) {
      const record = parse(line);
      // A line that is no JSON is looked at as the text it is.
      if (record !== undefined) yield record;
      else if (line.trim() !== "") yield line;
    }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (cause) {
    throw new CasebookError("usage", `${file}: cannot be read.`, { cause, hint: "--raw takes the files that were pulled: build --raw traces.jsonl" });
  }
}
