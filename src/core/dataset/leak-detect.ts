import { readYaml } from "../base/yaml.ts";
import type { Names } from "../redact/detect/names.ts";
import { finish } from "../redact/engine.ts";
import type { Policy } from "../redact/policy.ts";
import { toolsOf } from "../redact/tools.ts";
import type { Leak, LeakGate, Scanned } from "./leak.ts";

export type DetectOptions = {
  readonly policy: Policy;
  readonly key: Uint8Array;
  readonly names?: Names;
  /** The keyed name of a value. */
  readonly name: (value: string) => string;
};

/**
 * The gate that is no second opinion but the first one asked again: whatever `casebook redact` would mask in the files of a dataset, our
 * own tokens silenced. It sees what only context gives away (a name that introduces itself, a phone without a prefix) in text
 * that never went through redaction: what somebody wrote into a case by hand, or what another version let pass.
 */
export function detectGate({ policy, key, names, name }: DetectOptions): LeakGate {
  // What stands for a value when replays should look real would be found, too.
  if (policy.style === "surrogate") return { scan: () => Promise.resolve([]) };
  const tools = toolsOf({ policy, key, keyId: "gate", ...(names === undefined ? {} : { names }) });
  return {
    scan(file) {
      const leaks = new Map<string, Leak>();
      if (!isDataset(file.path)) return Promise.resolve([]);
      const pieces = piecesOf(file);
      for (const [i, { found }] of finish(tools.prepare(pieces.map((text) => ({ text }))), tools.engine()).entries()) {
        const text = pieces[i] ?? "";
        for (const { start, end, kind, tier, rule } of found) {
          const value = text.slice(start, end);
          if (!policy.mask.includes(tier) || isOurs(value) || isSigned(file.path, kind) || isInPlace(text.slice(Math.max(0, start - 200), start), kind)) continue;
          const line = lineOf(file.text, value);
          leaks.set(`${line} ${value}`, { gate: "detectors", rule: rule.replaceAll(/[^a-z-]+/g, "-").replace(/-$/, ""), path: file.path, line, token: name(formOf(kind, value)) });
        }
      }
      return Promise.resolve([...leaks.values()]);
    },
  };
}

/** Other files that are committed are the gate's that knows formats only: code is full of names and numbers. */
const isDataset = (path: string): boolean => /(?:^|\/)(?:cases\/.|dataset\.yaml$|baseline\.jsonl$)|(?:^|\/)(?:[^/]+\/)(?:README|CHANGELOG)\.md$/.test(path);

const hushed = "\u00a4";
/** A token, also one whose end was cut off (`[NAME:q2x…`). */
const ours = /\[[A-Z][A-Z0-9_]{1,31}:(?:[a-z2-7]{16}\]|[a-z2-7]{0,16}…)/g;

/** What is read as one text: YAML as the data it is, its comments aside, anything else as it stands. */
function piecesOf({ path, text }: Scanned): string[] {
  // Who judged a case is named on purpose; the end of a case's name is a digest.
  const quiet = (text === path ? text.replace(/(?<=\/labels\/)[^/]+$/, "").replace(/-[0-9a-f]{8}(?=\/)/, "") : text).replace(ours, (token) => hushed.repeat(token.length));
  if (!/\.ya?ml$/.test(path)) return [quiet];
  try {
    return [JSON.stringify(readYaml(quiet, path)) ?? "", ...Array.from(quiet.matchAll(/(?:^|\s)#(.*)$/gm), ([, comment = ""]) => comment)];
  } catch {
    return [quiet];
  }
}

/** The form that the scan names such a value by, so that what is allowed once is allowed. */
const formOf = (kind: string, value: string): string =>
  kind === "EMAIL" ? value.toLowerCase() : /^(?:PHONE|CARD|IBAN|ID|IP|MAC)$/.test(kind) ? value.replace(/[^A-Za-z0-9]/g, "").toLowerCase() : value;

/** Nothing but what stands for a value, with a sign or two around. */
const isOurs = (value: string): boolean => value.includes(hushed) && (value.replace(/\\./g, "").match(/[\p{L}\p{N}]/gu)?.length ?? 0) < 5;

/** People sign what they write about a dataset. */
const isSigned = (path: string, kind: string): boolean => kind === "NAME" && path.endsWith(".md");

/** A machine-made value where ids stand, and who judged. */
const isInPlace = (before: string, kind: string): boolean =>
  (kind === "SECRET" && /"(?:\w*_)?(?:ids?|span)"\s*:\s*(?:\[\s*)?"[\w.-]*$/.test(before)) || /"annotators?"\s*:\s*(?:\[[^\]]*)?"[^"]*$/.test(before);

function lineOf(text: string, value: string): number {
  const at = text.indexOf(value);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}
