import { policyHash, policyTable, type Policy } from "../redact/policy.ts";

/**
 * The policy matrix as Markdown, for people who review what may be kept: one row per place and field, what happens to it, and
 * whether the config says otherwise than casebook would.
 */
export function policyMarkdown(policy: Policy): string {
  const rows = policyTable(policy);
  const changed = rows.filter((row) => row.changed).length;
  return [
    "# Sensitive-data policy",
    "",
    `Policy \`${policyHash(policy)}\`. Findings are replaced by ${styles[policy.style]}. Masked: ${policy.mask.join(", ")}; other findings wait for a person.`,
    `${policy.ignore.length === 0 ? "Every kind is looked for." : `Not looked for: ${policy.ignore.join(", ")}.`} ` +
      `${policy.patterns.length} pattern(s) and ${Object.keys(policy.keys).length} member name(s) of your own, ${policy.allow.length} value(s) allowed.`,
    "",
    "`keep`: stays as it is. `scan`: what is sensitive in it is replaced. `token`: replaced as a whole. `drop`: never kept.",
    `${changed === 0 ? "All rows are the default." : `${changed} row(s), marked *, are set by casebook.yaml.`} Fields nobody has named are dropped.`,
    "",
    "| span | field | action |",
    "|---|---|---|",
    ...rows.map(({ span, field, action, changed: mark }) => `| ${span === "*" ? "\\*" : span} | ${field} | ${action}${mark ? " \\*" : ""} |`),
    "",
  ].join("\n");
}

const styles: Readonly<Record<Policy["style"], string>> = {
  token: "keyed tokens (`[EMAIL:…]`, the same for the same value)",
  type: "their kind (`[EMAIL]`)",
  surrogate: "made-up values from reserved ranges",
};
