import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { writeFileAtomic } from "./atomic.ts";

/** `datasets/<name>/baseline.jsonl` of a workspace; files by path are taken relative to `cwd`. */
export function openBaselines({ root, datasets, cwd }: { readonly root: string; readonly datasets: string; readonly cwd: string }) {
  const pathOf = (dataset: string): string => join(datasets, dataset, "baseline.jsonl");
  return {
    read(ref: { readonly dataset: string } | { readonly file: string }): { text: string; where: string } | undefined {
      const path = "file" in ref ? resolve(cwd, ref.file) : pathOf(ref.dataset);
      const where = "file" in ref ? ref.file : relative(root, path);
      return existsSync(path) ? { text: readFileSync(path, "utf8"), where } : undefined;
    },
    write(dataset: string, text: string): string {
      writeFileAtomic(pathOf(dataset), text);
      return relative(root, pathOf(dataset));
    },
  };
}
