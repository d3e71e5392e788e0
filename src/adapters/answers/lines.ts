import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { CasebookError } from "../../core/base/error.ts";
import { parseJson, type Json } from "../../core/base/json.ts";

/** A line of an answers file: where it is and what it holds (`undefined`: not JSON). */
export type AnswerLine = { readonly line: number; readonly value: Json | undefined };

/** Lines of a stream, split at byte 0x0A and nowhere else, without their ending. */
export async function* linesOf(input: Readable): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of input) {
    rest = Buffer.concat([rest, Buffer.from(chunk as Buffer)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString("utf8").replace(/\r$/, "");
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield rest.toString("utf8").replace(/\r$/, "");
}

/** Reads a JSONL file of answers (`-`: standard input). Empty lines are passed over. Throws `usage` where there is none. */
export async function readAnswers(name: string, { cwd, stdin }: { readonly cwd: string; readonly stdin: Readable & { readonly isTTY?: boolean } }): Promise<readonly AnswerLine[]> {
  if (name === "-" && stdin.isTTY === true)
    throw new CasebookError("usage", "There are no answers to read: standard input is a terminal.", { hint: "casebook label asks here; --answers takes a file, or a pipe with -" });
  const path = name === "-" ? name : resolve(cwd, name);
  if (path !== "-" && !existsSync(path))
    throw new CasebookError("usage", `There is no file ${name}.`, { hint: "casebook label --answers answers.jsonl (or - for standard input)" });
  const answers: AnswerLine[] = [];
  let line = 0;
  for await (const text of linesOf(path === "-" ? stdin : createReadStream(path))) {
    line += 1;
    const bare = line === 1 ? text.replace(/^\uFEFF/, "") : text;
    if (bare.trim() !== "") answers.push({ line, value: parseJson(bare) });
  }
  return answers;
}
