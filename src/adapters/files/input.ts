import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { CasebookError } from "../../core/base/error.ts";

/** What fits into a string, with room for a second one. */
const limit = 256 * 1024 * 1024;

/** A whole input as text: a file, or standard input for `-` or nothing. Throws `usage` where there is none or it is too large. */
export async function readInput(file: string | undefined, world: { readonly cwd: string; readonly stdin: Readable & { readonly isTTY?: boolean } }): Promise<{ readonly name: string; readonly text: string }> {
  if (file === undefined || file === "-") {
    if (world.stdin.isTTY === true) throw new CasebookError("usage", "There is nothing to read: no file, and standard input is a terminal.", { hint: "casebook redact FILE, or pipe something into casebook redact -" });
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of world.stdin) {
      parts.push(Buffer.from(part as Uint8Array));
      size += parts.at(-1)?.length ?? 0;
      if (size > limit) throw tooLarge("standard input");
    }
    return { name: "stdin", text: Buffer.concat(parts).toString("utf8") };
  }
  try {
    const path = resolve(world.cwd, file);
    if (statSync(path).size > limit) throw tooLarge(file);
    return { name: file, text: readFileSync(path, "utf8") };
  } catch (cause) {
    if (cause instanceof CasebookError) throw cause;
    throw new CasebookError("usage", `${file} cannot be read.`, { hint: "Check the path.", cause });
  }
}

const tooLarge = (name: string): CasebookError => new CasebookError("usage", `${name} is larger than 256 MB.`, { hint: "Split it, or pull it: casebook pull streams." });
