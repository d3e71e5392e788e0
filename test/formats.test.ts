import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { formats } from "../src/index.ts";

const folder = "test/fixtures/formats";
const fixture = (file: string): Record<string, unknown> => JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Record<string, unknown>;
const noun = (format: (typeof formats)[number]): string => format.name.replace("casebook/", "");
const present = (format: (typeof formats)[number]): number => Number(format.tag.split("@")[1]);

/** Where each record lives, who writes it, and what it is. The order of the street. */
const places: Readonly<Record<string, readonly [where: string, writer: string, what: string, yaml?: true]>> = {
  config: ["`casebook.yaml`", "you, `init`", "Configuration. Every member may be left out.", true],
  taxonomy: ["`taxonomy.yaml`", "you, `init`", "Failure codes and the migrations between versions.", true],
  trace: ["`datasets/*/cases/*/trace.json`", "`build`", "One redacted run: messages and tools once, in pools; spans point into them."],
  "stored-trace": ["`.casebook/traces/*.jsonl`", "`pull`, `collect`, `hydrate`", "A revision of one trace with what redaction found. One line each; the last revision counts."],
  pull: ["`.casebook/traces/*.jsonl`", "`pull`, `collect`, `hydrate`", "A line between revisions: a pull begins, or ended well, having read these sources."],
  checkpoint: ["`.casebook/checkpoints/*.json`", "`pull` of an API", "How far it came, so that it goes on after a kill."],
  dedup: ["`.casebook/dedup.jsonl`", "`dedup`", "Why one trace is like another: level, score, rule. One line a decision."],
  "label-event": ["`.casebook/labels/*.jsonl`", "`label`", "The journal of one annotator: labels, undos, skips, drafts. Append-only."],
  label: ["`datasets/*/cases/*/labels/*.yaml`", "`build`", "One person's judgement of one trace.", true],
  case: ["`datasets/*/cases/*/case.yaml`", "`build`, then you", "What a reviewer reads: input, label, expectation, checks, provenance.", true],
  dataset: ["`datasets/*/dataset.yaml`", "`build`, then you", "What a dataset is for.", true],
  lock: ["`datasets/*/versions/*.json`", "`release`", "A version: case → content hash, and why the bump."],
  run: ["`.casebook/runs/*/run.json`", "`replay`", "What is being replayed; written before the first trial."],
  trial: ["`.casebook/runs/*/trials.jsonl`", "`replay`", "One attempt at one case, graded. Append-only, so a run goes on after a kill."],
  baseline: ["`datasets/*/baseline.jsonl`", "`bless`", "The blessed run: one sorted line a case, with fingerprints of what must be equal."],
};

test("every format has its place in the list, and nothing else has", () => {
  expect(Object.keys(places).sort()).toEqual(formats.map(noun).sort());
});

test("every version of every format has a fixture, kept for ever", () => {
  const wanted = formats.flatMap((format) => Array.from({ length: present(format) }, (_, index) => `${noun(format)}@${index + 1}.json`));
  expect(readdirSync(folder).sort()).toEqual(wanted.sort());
});

test.each(formats.flatMap((format) => readdirSync(folder).filter((file) => file.startsWith(`${noun(format)}@`)).map((file) => [file, format] as const)))(
  "%s is read and lifted to the present version",
  (file, format) => {
    expect(format.read(fixture(file), file)).toMatchObject({ schema: format.tag });
  },
);

test.each(formats.map((format) => [noun(format), format] as const))("a %s of a newer casebook is refused, one of another kind too, and no value is quoted", (name, format) => {
  const record = fixture(`${name}@1.json`);
  expect(() => format.read({ ...record, schema: `${format.name}@${present(format) + 1}` }, "f:1")).toThrow(expect.objectContaining({ code: "newer-file" }));
  expect(() => format.read({ ...record, schema: "casebook/other@1" }, "f:1")).toThrow(expect.objectContaining({ code: "bad-file" }));
  expect(() => format.read({ ...record, "secret-looking": "hunter2-value" }, "f:1")).toThrow(expect.objectContaining({ message: expect.not.stringContaining("hunter2") }));
});

test("docs/formats.md shows every format (vitest -u writes it anew)", async () => {
  const section = (name: string): string => {
    const [where, writer, what, yaml] = places[name] ?? ["", "", ""];
    const value = fixture(`${name}@1.json`);
    const example = name === "trace" || name === "stored-trace" ? shortened(value) : value;
    const text = yaml ? `\`\`\`yaml\n${stringify(example, { lineWidth: 0 })}\`\`\`` : `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``;
    return `## casebook/${name}\n\n${where}, written by ${writer}. ${what} Schema: [schemas/${name}.json](../schemas/${name}.json).\n\n${text}\n`;
  };
  const page = `# Formats

Every record names its schema and version. Readers lift every older version and write only the present one; a record of a
newer casebook is refused with exit 2. Members are snake_case. The examples are the fixtures in \`test/fixtures/formats\`, made
by casebook from its bundled traces; long ones are cut at \`…\`.

${Object.keys(places).map(section).join("\n")}`;
  await expect(page).toMatchFileSnapshot("../docs/formats.md");
});

/** The first of every list and the head of every long text: enough to see the shape. */
function shortened(value: unknown): unknown {
  if (typeof value === "string") return value.length > 60 ? `${value.slice(0, 59)}…` : value;
  if (Array.isArray(value)) return value.length > 2 ? [...value.slice(0, 2).map(shortened), "…"] : value.map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
}
