import { oneLine, wrap } from "../base/text.ts";
import type { ContractFinding, ContractReport } from "../contract/check-contract.ts";
import { plain, type Paint } from "./paint.ts";
import { shortIds } from "./trace-list.ts";

export type ContractView = { readonly width: number; readonly paint?: Paint };

/** The findings of `check`, problems first: the sentence, some ids, and the line that mends it in both SDKs. */
export function contractText({ traces, findings }: ContractReport, { width, paint = plain }: ContractView): string {
  const problems = findings.filter(({ level }) => level === "problem").length;
  const advice = findings.length - problems;
  const counted = [`${traces} trace${traces === 1 ? "" : "s"} checked`, `${problems} problem${problems === 1 ? "" : "s"}`, ...(advice > 0 ? [advice === 1 ? "1 piece of advice" : `${advice} pieces of advice`] : [])];
  return [...findings.map((finding) => findingText(finding, { width, paint })), paint("strong", `${counted.join(", ")}.`)].join("\n\n");
}

function findingText({ code, level, message, examples, fix }: ContractFinding, { width, paint = plain }: ContractView): string {
  const short = shortIds(examples);
  const [head = "", ...more] = wrap(`${oneLine(message)} [${code}]`, width - 2);
  const shown = examples.length === 0 ? [] : [paint("faint", `  e.g. ${examples.map((id) => short(id)).join(" ")}`)];
  const lines = (language: string, text: string): string[] =>
    text
      .split("\n")
      .flatMap((line) => folded(line, width - 9))
      .map((line, index) => `  ${paint("faint", index === 0 ? language : "      ")} ${line}`);
  return [
    `${paint(level === "problem" ? "bad" : "warn", level === "problem" ? "✗" : "-")} ${head}`,
    ...more.map((line) => `  ${line}`),
    ...shown,
    ...lines("ts    ", fix.typescript),
    ...lines("python", fix.python),
  ].join("\n");
}

/** A remark too long to stand beside its code goes above it. */
function folded(line: string, width: number): string[] {
  const [, code, remark] = /^(.*\S)\s+((?:\/\/|#) .*)$/.exec(line) ?? [];
  return code === undefined || remark === undefined || line.length <= width ? [line] : [remark, code];
}
