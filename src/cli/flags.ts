import { InvalidArgumentError } from "commander";

/** Values of flags that more than one verb reads. A wrong one is a usage error that says what to type. */

/** One or more of a set of words, repeated or with commas between them. */
export const oneOf =
  (choices: readonly string[]) =>
  (text: string, before: readonly string[] = []): string[] => {
    const words = text.split(",").filter((word) => word !== "");
    if (words.length === 0 || words.some((word) => !choices.includes(word))) throw new InvalidArgumentError(`Use ${choices.join(", ")}.`);
    return [...before, ...words];
  };

/** A whole number from 1. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Use a whole number from 1.");
  return Number(text);
}

const spans: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A day, an ISO time (UTC where no zone is given), or so long ago, as milliseconds since 1970. */
export function time(text: string): number {
  const ago = /^(\d+)([smhdw])$/.exec(text);
  if (ago !== null) return Date.now() - Number(ago[1]) * (spans[ago[2] ?? ""] ?? 0);
  const zoned = /T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes("T") ? text : `${text}Z`;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError("Use 2026-11-01, 2026-11-01T09:30Z, or 7d.");
  return at;
}
