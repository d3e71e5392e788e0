import { cell, clip, glance, oneLine } from "../base/text.ts";
import type { CaseDiff, DatasetDiff } from "../dataset/diff.ts";

const heading = ({ from, to, bump, next }: DatasetDiff): string =>
  bump === "none" ? `No difference between ${from} and ${to}.` : `${from} to ${to}: ${bump}${next === undefined ? "" : `, the next version is ${next}`}`;

/** A diff for a terminal, at most `width` columns. */
export function diffText(diff: DatasetDiff, width = 80): string {
  const rows = diff.changes.flatMap((change) => {
    const first = `${cell(change.kind, 9)} ${cell(change.bump, 6)} ${change.id === "" ? change.words : change.id}`;
    const detail = detailOf(change);
    return [clip(first, width), ...(detail === "" ? [] : [clip(`${" ".repeat(17)}${detail}`, width)])];
  });
  const counts = diff.counts.filter((one) => one.before !== one.after).map((one) => `  ${cell(oneLine(one.code), 40)} ${one.before} → ${one.after}`);
  return [heading(diff), ...rows, ...(counts.length === 0 ? [] : ["", "cases by verdict and root cause", ...counts]), ""].join("\n");
}

/** The same for a pull request: verdict first, one table, the spread folded away. */
export function diffMarkdown(diff: DatasetDiff): string {
  if (diff.changes.length === 0) return `${escape(heading(diff))}\n`;
  const rows = diff.changes.map((change) => `| ${change.kind} | ${change.bump} | ${change.id === "" ? "" : `\`${change.id}\``} | ${escape(detailOf(change))} |`);
  const counts = diff.counts.map((one) => `| ${escape(one.code)} | ${one.before} | ${one.after} |`);
  return [
    `### ${escape(heading(diff))}`,
    "",
    "| change | bump | case | |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    "<details><summary>Cases by verdict and root cause</summary>",
    "",
    "| | before | after |",
    "| --- | --- | --- |",
    ...counts,
    "",
    "</details>",
    "",
  ].join("\n");
}

function detailOf({ words, id, kind, title, before, after }: CaseDiff): string {
  const moved = before !== undefined && after !== undefined && before !== after ? `${before} → ${after}` : (after ?? before);
  const what = kind === "edited" || kind === "reworded" ? words.slice(words.indexOf(id) + id.length + 2) : kind === "renamed" || kind === "taxonomy" ? words : "";
  return [what, kind === "reworded" ? undefined : moved, title].filter((part) => part !== undefined && part !== "").map((part) => glance(part ?? "")).join(" · ");
}

const escape = (text: string): string => oneLine(text).replace(/[\\`*_[\]<>|~@#]/g, (char) => (char === "<" ? "&lt;" : char === "@" ? "&#64;" : `\\${char}`));
