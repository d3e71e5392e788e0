import { CasebookError } from "../base/error.ts";
import { readYaml, writeYaml } from "../base/yaml.ts";
import { defaultTaxonomy } from "./default-taxonomy.ts";
import type { Label } from "./label.ts";
import { taxonomyFormat, type Code, type Taxonomy } from "./taxonomy.ts";

/** Reads the text of `taxonomy.yaml` and checks it. Throws `bad-file` naming everything that contradicts itself. */
export function readTaxonomy(text: string, where: string): Taxonomy {
  const taxonomy = taxonomyFormat.read(readYaml(text, where), where);
  const faults = taxonomyFaults(taxonomy);
  if (faults.length > 0)
    throw new CasebookError("bad-file", `${where}: ${faults.slice(0, 5).join("; ")}.`, {
      hint: "Ids are never changed or used twice; an old code stays, with `deprecated: true` and `replaced_by`.",
    });
  return taxonomy;
}

/** What a taxonomy gets wrong beyond its shape, as sentences without full stop; empty when it is sound. */
export function taxonomyFaults({ codes, migrations, version }: Taxonomy): string[] {
  const faults: string[] = [];
  const ids = new Set<string>();
  for (const { id } of codes) {
    if (ids.has(id)) faults.push(`${id} is there twice`);
    ids.add(id);
  }
  const owners = new Map<string, string>();
  for (const { id, aliases = [] } of codes)
    for (const alias of aliases) {
      const owner = ids.has(alias) ? alias : owners.get(alias);
      if (owner !== undefined && owner !== id) faults.push(`${alias} is an alias of ${id} and belongs to ${owner} too`);
      owners.set(alias, id);
    }
  for (const { id, replaced_by = [] } of codes)
    for (const heir of replaced_by) {
      if (!ids.has(heir)) faults.push(`${id} is replaced by ${heir}, which is not there`);
      if (heir === id) faults.push(`${id} is replaced by itself`);
    }
  for (const { to, from, into } of migrations)
    for (const id of [...from, ...into]) if (!ids.has(id)) faults.push(`the migration to ${to} names ${id}, which is not there`);
  const last = migrations.at(-1)?.to;
  if (last !== undefined && last !== version) faults.push(`the version is ${version} and the last migration leads to ${last}`);
  return faults;
}

/** The text of a new `taxonomy.yaml`: the default codes, with a head that says how to change them. */
export const defaultTaxonomyText = (): string =>
  `# Failure codes for labels. An id is for ever: to change a code, keep it with \`deprecated: true\` and \`replaced_by\`,\n` +
  `# add the new one, raise \`version\`, and record the step under \`migrations\`. Names and definitions may change freely.\n` +
  writeYaml(defaultTaxonomy);

/** The code a person means: by id or alias, in any case. */
export function findCode({ codes }: Taxonomy, typed: string): Code | undefined {
  const wanted = typed.trim().toLowerCase();
  return codes.find(({ id }) => id === wanted) ?? codes.find(({ aliases = [] }) => aliases.some((alias) => alias.toLowerCase() === wanted));
}

/**
 * A label in the present taxonomy: its codes carried through every migration after the version it was made with. A code
 * that went into one other becomes it; one that was split stays, for a person to decide. First mention and role win.
 */
export function liftLabel(label: Label, taxonomy: Taxonomy): Label {
  if (label.taxonomy === taxonomy.version) return label;
  const known = taxonomy.migrations.findLastIndex(({ to }) => to === label.taxonomy);
  const lift = (id: string): string =>
    taxonomy.migrations
      .slice(known + 1)
      .reduce((now, { from, into }) => (from.includes(now) && into.length === 1 ? (into[0] ?? now) : now), id);
  const codes = new Map<string, Label["codes"][number]>();
  for (const { id, role } of label.codes) {
    const now = lift(id);
    if (!codes.has(now)) codes.set(now, { id: now, role });
  }
  return { ...label, codes: [...codes.values()], taxonomy: taxonomy.version };
}

/**
 * Codes that fit what was typed, best first: every word must be found in id, name or definition, as a whole or as letters in
 * order (`targs` finds `tool.args-wrong`). Codes out of use are left out. Nothing typed: all of them.
 */
export function searchCodes({ codes }: Taxonomy, typed: string): readonly Code[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return codes
    .filter(({ deprecated }) => deprecated !== true)
    .map((code) => ({ code, score: words.reduce((sum, word) => sum + scoreOf(code, word), 0) }))
    .filter(({ score }) => score < Infinity)
    .sort((a, b) => a.score - b.score)
    .map(({ code }) => code);
}

/** Lower is better: in the id, the name, the definition, or as scattered letters of id and name. */
function scoreOf(code: Code, word: string): number {
  const place = [code.id, code.name.toLowerCase(), (code.aliases ?? []).join(" ").toLowerCase(), code.definition.toLowerCase()].findIndex(
    (text) => text.includes(word),
  );
  if (place >= 0) return place;
  let at = 0;
  for (const letter of `${code.id} ${code.name.toLowerCase()}`) if (letter === word[at]) at += 1;
  return at === word.length ? 10 : Infinity;
}
