import { spawnSync } from "node:child_process";
import { CasebookError } from "../../core/base/error.ts";
import { isObject, parseJson } from "../../core/base/json.ts";
import type { Hit } from "../../core/redact/hit.ts";
import type { ExternalDetector } from "../../core/redact/look.ts";
import { tiers, type Tier } from "../../core/redact/types.ts";

const outputLimit = 512 * 1024 * 1024;

/**
 * A detector that is a program of the user: it reads `{"id":0,"text":"…"}` lines and writes `{"id":0,"findings":[{"start","end","kind",
 * "tier"?}]}` lines (UTF-16 offsets; tier `likely` where none is said). Run once for a batch. Where it fails nothing is
 * let through: throws `incomplete`. What it writes on stderr may quote the text and is not shown.
 */
export function commandDetector({ command, timeout_ms }: { readonly command: readonly string[]; readonly timeout_ms: number }): ExternalDetector {
  const [program = "", ...args] = command;
  return (texts) => {
    if (texts.length === 0) return [];
    const input = texts.map((text, id) => `${JSON.stringify({ id, text })}\n`).join("");
    const ran = spawnSync(program, args, { input, timeout: timeout_ms, maxBuffer: outputLimit, stdio: ["pipe", "pipe", "ignore"] });
    if (ran.error !== undefined || ran.status !== 0)
      throw new CasebookError("incomplete", `The detector ${program} ${ran.error === undefined ? `ended with ${ran.status ?? "a signal"}` : "could not be run to its end"}.`, {
        hint: "Nothing was let through. Check redact.detector: command and timeout_ms.",
      });
    const found: Hit[][] = texts.map(() => []);
    for (const line of ran.stdout.toString("utf8").split("\n")) {
      if (line.trim() === "") continue;
      const answer = parseJson(line);
      if (!isObject(answer) || typeof answer["id"] !== "number" || found[answer["id"]] === undefined || !Array.isArray(answer["findings"]))
        throw new CasebookError("incomplete", `The detector ${program} wrote a line that is no {id, findings}.`, { hint: "Nothing was let through." });
      for (const finding of answer["findings"] as readonly unknown[]) found[answer["id"]]?.push(hitOf(finding, program));
    }
    return found;
  };
}

function hitOf(finding: unknown, program: string): Hit {
  if (isObject(finding)) {
    const { start, end, kind, tier } = finding;
    if (Number.isInteger(start) && Number.isInteger(end) && typeof kind === "string" && /^[A-Z][A-Z0-9_]{1,31}$/.test(kind) && (tier === undefined || tiers.includes(tier as Tier)))
      return { start: start as number, end: end as number, kind, tier: (tier as Tier | undefined) ?? "likely", rule: "detector" };
  }
  throw new CasebookError("incomplete", `The detector ${program} wrote a finding without start, end and an upper-case kind.`, { hint: "Nothing was let through." });
}
