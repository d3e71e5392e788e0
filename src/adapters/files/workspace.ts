import { existsSync, readFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { CasebookError } from "../../core/base/error.ts";
import { hmacSha256 } from "../../core/base/hash.ts";
import { readYaml } from "../../core/base/yaml.ts";
import { configFormat, type Config } from "../../core/config/config.ts";
import { makePrivateFolder, writeFileAtomic } from "./atomic.ts";

/** Where everything of one repository is. `root` holds `casebook.yaml`; without one, it is where we were started. */
export type Workspace = {
  readonly root: string;
  readonly config: Config;
  readonly paths: {
    readonly config: string;
    readonly taxonomy: string;
    readonly prompts: string;
    readonly datasets: string;
    /** Never committed; 0700, files 0600. */
    readonly home: string;
    readonly traces: string;
    readonly dedup: string;
    readonly labels: string;
    readonly runs: string;
    readonly key: string;
  };
};

/** Finds the workspace of a folder: the nearest parent with a `casebook.yaml`, else the folder itself. */
export function openWorkspace(cwd: string): Workspace {
  let root = resolve(cwd);
  for (let at = root; ; at = dirname(at)) {
    if (existsSync(join(at, "casebook.yaml"))) {
      root = at;
      break;
    }
    if (dirname(at) === at) break;
  }
  const home = join(root, ".casebook");
  const config = join(root, "casebook.yaml");
  return {
    root,
    config: existsSync(config)
      ? configFormat.read(readYaml(readFileSync(config, "utf8"), "casebook.yaml"), "casebook.yaml")
      : { schema: "casebook/config@1" },
    paths: {
      config,
      taxonomy: join(root, "taxonomy.yaml"),
      prompts: join(root, "prompts"),
      datasets: join(root, "datasets"),
      home,
      traces: join(home, "traces"),
      dedup: join(home, "dedup.jsonl"),
      labels: join(home, "labels"),
      runs: join(home, "runs"),
      key: join(home, "key"),
    },
  };
}

/** The key of the pseudonyms and its public name. The key itself is never written anywhere but `.casebook/key`. */
export type PseudonymKey = { readonly key: Uint8Array; readonly id: string };

/**
 * `CASEBOOK_KEY` (64 hex digits) or `.casebook/key`, made 0600 on first use. The id is twelve hex digits of a keyed digest of
 * a fixed word: equal ids mean equal tokens.
 */
export function loadKey(workspace: Workspace, env: Readonly<Record<string, string | undefined>>): PseudonymKey {
  const given = env["CASEBOOK_KEY"];
  if (given !== undefined && given !== "") return keyOf(given, "CASEBOOK_KEY");
  if (!existsSync(workspace.paths.key)) {
    makePrivateFolder(workspace.paths.home);
    writeFileAtomic(workspace.paths.key, `${randomBytes(32).toString("hex")}\n`, 0o600);
  }
  return keyOf(readFileSync(workspace.paths.key, "utf8").trim(), ".casebook/key");
}

function keyOf(hex: string, where: string): PseudonymKey {
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw new CasebookError("usage", `${where} should hold 64 hex digits.`, {
      hint: "Ask your team for the key, or make one: node -e \"console.log(crypto.randomBytes(32).toString('hex'))\"",
    });
  const key = Buffer.from(hex, "hex");
  return { key, id: hmacSha256(key, "casebook key id").slice(0, 12) };
}
