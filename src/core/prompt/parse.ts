import * as z from "zod";
import { CasebookError } from "../base/error.ts";
import { issues } from "../base/format.ts";
import { sha256 } from "../base/hash.ts";
import { canonicalJson, jsonObjectSchema } from "../base/json.ts";
import { readYaml } from "../base/yaml.ts";
import type { PromptPart, PromptVersion } from "./prompt.ts";

/** One file of a prompt version. `stem` is its name without `.md`: in a folder, the agent's name unless the front matter says another. */
export type PromptFile = { readonly where: string; readonly stem: string; readonly text: string };

const frontMatterSchema = z.strictObject({
  agent: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
  settings: jsonObjectSchema.optional(),
  /** For people. Not part of what is tested. */
  description: z.string().optional(),
});

/**
 * A prompt version from its file, or from the files of its folder (`folder`: one agent each). The body of a file is the
 * instructions, white space at both ends left out. `hash` is sha-256 over the canonical parts, so that line endings, key
 * order and descriptions do not change it and every word the model reads does. Throws `bad-file`.
 */
export function parsePrompt(files: readonly PromptFile[], id: { name: string; version: string; folder: boolean }): PromptVersion {
  const parts = files.map((file) => parsePart(file, id.folder));
  const agents = parts.map((part) => part.agent ?? "");
  const twice = files.find((_, i) => agents.indexOf(agents[i] ?? "") !== i);
  if (twice !== undefined)
    throw new CasebookError("bad-file", `${twice.where}: another file of this prompt version is for the same agent.`, {
      hint: "One file per agent; set `agent:` in the front matter to tell them apart.",
    });
  const sorted = parts.toSorted((a, b) => ((a.agent ?? "") < (b.agent ?? "") ? -1 : 1));
  return { name: id.name, version: id.version, hash: sha256(canonicalJson(sorted)), parts: sorted };
}

function parsePart({ where, stem, text }: PromptFile, folder: boolean): PromptPart {
  const clean = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const front = /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n|$)/.exec(clean);
  const read = frontMatterSchema.safeParse(front === null ? {} : (readYaml(front[1] ?? "", where) ?? {}));
  if (!read.success)
    throw new CasebookError("bad-file", `${where}: front matter: ${issues(read.error)}`, {
      hint: "It may hold agent, model, settings and description.",
    });
  const instructions = clean.slice(front?.[0].length ?? 0).trim();
  if (instructions === "")
    throw new CasebookError("bad-file", `${where}: no instructions below the front matter.`, { hint: "Write what the agent is told." });
  const agent = read.data.agent ?? (folder ? stem : undefined);
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(read.data.model === undefined ? {} : { model: read.data.model }),
    ...(read.data.settings === undefined ? {} : { settings: read.data.settings }),
    instructions,
  };
}
