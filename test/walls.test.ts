import { readFileSync, readdirSync } from "node:fs";
import { dirname, posix } from "node:path";
import { expect, test } from "vitest";

/** Who may import whom. The longest room that holds a file is its room; a room may always import itself. */
const walls: Readonly<Record<string, readonly string[]>> = {
  "src/recorder": ["node:"],
  "src/core": ["src/core", "zod"],
  "src/core/base/hash.ts": ["node:crypto"],
  "src/core/base/regex.ts": ["re2js"],
  "src/core/base/text.ts": ["node:util", "fast-string-width", "fast-wrap-ansi"],
  "src/core/base/yaml.ts": ["src/core", "yaml"],
  "src/core/redact": ["src/core", "zod"],
  // The list of names is read where a package puts it: a data file is no module.
  "src/core/redact/detect/names.ts": ["src/core", "node:module", "node:fs"],
  "src/core/report/csv.ts": ["src/core", "csv-stringify/sync"],
  "src/commands": ["src/core"],
  "src/adapters/files": ["src/core", "node:"],
  "src/adapters/store": ["src/core", "node:", "@photostructure/sqlite"],
  "src/adapters/terminal": ["src/core", "node:", "inquirer", "@inquirer/core"],
  "src/adapters/answers": ["src/core", "node:"],
  "src/adapters/agents": ["src/core", "node:", "@openai/agents"],
  "src/adapters/http": ["src/core", "node:", "pbf"],
  "src/adapters/gates": ["src/core", "node:", "@secretlint/core", "@secretlint/secretlint-rule-preset-recommend"],
  "src/adapters/command": ["src/core", "node:"],
  "src/cli": ["src/core", "src/commands", "src/adapters", "commander", "node:"],
  "src/index.ts": ["src/core", "src/commands"],
};

/** The street: a stage may import the stages before it, never one after it. */
const street = [
  "base",
  "config",
  "trace",
  "sources",
  "contract",
  "redact",
  "dedup",
  "sampling",
  "label",
  "grade",
  "dataset",
  "prompt",
  "replay",
  "compare",
  "report",
];

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => posix.join("src", file.replaceAll("\\", "/")))
  .filter((file) => file.endsWith(".ts"));

const importsOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;"]*?\bfrom "([^"\n]+)"|^import "([^"\n]+)"|\bimport\(\s*"([^"\n]+)"/gm)].map(
    ([, from, bare, lazy]) => {
      const to = from ?? bare ?? lazy ?? "";
      return to.startsWith(".") ? posix.join(dirname(file), to) : to;
    },
  );
const inside = (path: string, room: string): boolean =>
  path === room || path.startsWith(room.endsWith(":") ? room : `${room}/`);
const roomOf = (file: string): string =>
  Object.keys(walls)
    .filter((room) => inside(file, room))
    .sort((a, b) => b.length - a.length)[0] ?? "";
const stageOf = (path: string): number => {
  const stage = /^src\/core\/([^/]+)\//.exec(path)?.[1];
  return stage === undefined ? -1 : street.indexOf(stage);
};

const edges = files.flatMap((from) => importsOf(from).map((to) => ({ from, to })));

test("the walls were checked on real files", () => {
  expect(files.length).toBeGreaterThan(20);
  expect(edges.length).toBeGreaterThan(40);
});

test("every file stands in a room", () => {
  expect(files.filter((file) => roomOf(file) === "")).toEqual([]);
});

test("every folder of core is a stage of the street", () => {
  const strays = files.filter((file) => file.startsWith("src/core/") && stageOf(file) < 0 && file !== "src/core/ports.ts");
  expect(strays).toEqual([]);
});

test("no import goes through a wall", () => {
  const allowed = ({ from, to }: (typeof edges)[number]): boolean => {
    const room = roomOf(from);
    return inside(to, room) || (walls[room] ?? []).some((ok) => inside(to, ok));
  };
  expect(edges.filter((edge) => !allowed(edge))).toEqual([]);
});

test("data flows down the street: no stage imports a later one", () => {
  expect(edges.filter(({ from, to }) => stageOf(from) >= 0 && stageOf(to) > stageOf(from))).toEqual([]);
});

test("every package has one owner room", () => {
  const owners = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (to.startsWith("src/") || to.startsWith("node:") || to === "zod") continue;
    const room = roomOf(from);
    owners.set(to, (owners.get(to) ?? new Set()).add(room));
  }
  const shared = [...owners].filter(([, rooms]) => rooms.size > 1).map(([name, rooms]) => `${name}: ${[...rooms].join(", ")}`);
  expect(shared).toEqual([]);
});
