import { existsSync, readFileSync } from "node:fs";
import { defaultTaxonomy } from "../../core/label/default-taxonomy.ts";
import { readTaxonomy } from "../../core/label/codes.ts";
import type { Taxonomy } from "../../core/label/taxonomy.ts";

/** The taxonomy of a workspace: its `taxonomy.yaml`, or the default where there is none. Throws `bad-file`. */
export function loadTaxonomy(path: string): Taxonomy {
  return existsSync(path) ? readTaxonomy(readFileSync(path, "utf8"), "taxonomy.yaml") : defaultTaxonomy;
}
