import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import { datasetNamePattern } from "../../core/dataset/case.ts";
import { writeFileAtomic } from "./atomic.ts";

/** `datasets/<name>/baseline.jsonl` of a workspace; files by path are taken relative to `cwd`. */
export function openBaselines({ root, datasets, cwd }: { readonly root: string; readonly datasets: string; readonly cwd: string }) {
  const pathOf = (dataset: string): string => {
    if (!datasetNamePattern.test(dataset)) throw new CasebookError("bad-file", "The run names a dataset that cannot be one.", { hint: "A run that was edited cannot be used; start a new one." });
    return join(datasets, dataset, "baseline.jsonl");
  };
  return {
    read(ref: { readonly dataset: string } | { readonly file: string }): { text: string; where: string } | undefined {
      const path = "file" in ref ? resolve(cwd, ref.file) : pathOf(ref.dataset);
      const where = "file" in ref ? ref.file : relative(root, path);
      return existsSync(path) ? { text: readFileSync(path, "utf8"), where } : undefined;
    },
    cases(dataset: string, version: string): number | undefined {
      const lock = join(datasets, dataset, "versions", `${version}.json`);
      if (existsSync(lock)) return Object.keys((JSON.parse(readFileSync(lock, "utf8")) as { cases?: object }).cases ?? {}).length;
      const folder = join(datasets, dataset, "cases");
      return version === "unreleased" && existsSync(folder) ? readdirSync(folder).length : undefined;
    },
    write(dataset: string, text: string): string {
      writeFileAtomic(pathOf(dataset), text);
      return relative(root, pathOf(dataset));
    },
  };
}
