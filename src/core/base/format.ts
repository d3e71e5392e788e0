import type * as z from "zod";
import { CasebookError } from "./error.ts";
import { isObject } from "./json.ts";

type Old = Record<string, unknown>;

/**
 * One kind of record we keep: its name, its present version, and the way up from every older one. Every record names
 * its schema (`casebook/case@1`); we read all we ever wrote, write only the present version, refuse a newer one.
 */
export type Format<T> = {
  /** `casebook/case` */
  readonly name: string;
  /** `casebook/case@1`: the value of the `schema` member of what we write. */
  readonly tag: string;
  readonly schema: z.ZodType<T>;
  /** Lifts and validates. `where` (file, or file:line) goes into the error. Throws `bad-file` or `newer-file`. */
  read(value: unknown, where: string): T;
};

/**
 * `steps[0]` turns version 1 into version 2, and so on; the present version is `steps.length + 1`. Steps are
 * append-only. Error messages name paths, never values, because the values may be trace text.
 */
export function format<T>(name: string, schema: z.ZodType<T>, steps: readonly ((old: Old) => Old)[] = []): Format<T> {
  const present = steps.length + 1;
  const tag = `${name}@${present}`;
  return {
    name,
    tag,
    schema,
    read(value, where) {
      const written = isObject(value) && typeof value["schema"] === "string" ? value["schema"] : "";
      const [kind, digits = ""] = written.split("@");
      if (!isObject(value) || kind !== name || !/^[1-9]\d*$/.test(digits))
        throw new CasebookError("bad-file", `${where}: not a ${name} record.`, {
          hint: /\.ya?ml$/.test(where) ? `It should begin with the line: schema: ${tag}` : `It should say "schema": "${tag}".`,
        });
      const version = Number(digits);
      if (version > present)
        throw new CasebookError(
          "newer-file",
          `${where}: written by a newer casebook (${name}@${version}; this one reads up to ${present}).`,
          { hint: "Upgrade casebook: npm install --save-dev casebook@latest" },
        );
      const lifted = steps.slice(version - 1).reduce<Old>((old, step) => step(old), value);
      const parsed = schema.safeParse({ ...lifted, schema: tag });
      if (!parsed.success)
        throw new CasebookError("bad-file", `${where}: ${issues(parsed.error)}`, {
          hint: `The shape of ${tag} is in schemas/${name.split("/")[1]}.json.`,
        });
      return parsed.data;
    },
  };
}

/** zod issues as one line, paths and expectations only. */
export function issues(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.length > 0 ? issue.path.join(".") : "the record"}: ${wordsOf(issue)}`)
    .join("; ");
}

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `should be ${issue.expected}`;
    case "unrecognized_keys":
      return unknownMembers(issue.keys);
    case "invalid_value":
      return `should be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return "has none of the allowed shapes";
    default:
      return issue.message;
  }
}

/** Names are told where they are plain words, which trace text is not. */
function unknownMembers(keys: readonly string[]): string {
  const named = keys.every((key) => /^[a-z][a-z_]{0,29}$/i.test(key)) ? `: ${keys.slice(0, 5).join(", ")}` : "";
  return `has ${keys.length === 1 ? "an unknown member" : `${keys.length} unknown members`}${named}`;
}
