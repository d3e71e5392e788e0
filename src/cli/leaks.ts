import type { Leak } from "../core/dataset/leak.ts";
import type { Finding } from "../core/dataset/verify.ts";
import { oneLine } from "../core/base/text.ts";
import type { Io } from "./io.ts";
import { say } from "./render.ts";

/** Leaks for a person: where, by which rule, and the token to allow. Never the value. */
export function sayLeaks(io: Io, leaks: readonly Leak[], limit = 20): void {
  for (const leak of leaks.slice(0, limit)) say(io, `${oneLine(leak.path)}:${leak.line}: ${leak.gate}/${leak.rule}\n  ${leak.token}`);
  if (leaks.length > limit) say(io, `… and ${leaks.length - limit} more (all with --json)`);
  if (leaks.some(({ path }) => /\(withheld\)-/.test(path))) say(io, "(withheld)-DIGEST is the case whose folder's name ends in -DIGEST: its words may be what leaks.");
  if (leaks.length > 0)
    say(io, "Take it out where it comes from (the file itself, the label's own words, or with a stricter redact policy), then try again.\nIf it is harmless, put its token under redact.allow in casebook.yaml.");
}

/** What verify found, each with its remedy. */
export function sayFindings(io: Io, findings: readonly Finding[], limit = 20): void {
  for (const finding of findings.slice(0, limit)) say(io, `${oneLine(finding.path)}: ${finding.message} [${finding.code}]\n  ${finding.remedy}`);
  if (findings.length > limit) say(io, `… and ${findings.length - limit} more (all with --json)`);
}
