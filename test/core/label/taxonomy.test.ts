import { expect, test } from "vitest";
import { defaultTaxonomyText, findCode, liftLabel, readTaxonomy, searchCodes, taxonomyFaults } from "../../../src/core/label/codes.ts";
import { defaultTaxonomy } from "../../../src/core/label/default-taxonomy.ts";
import type { Label } from "../../../src/core/label/label.ts";
import type { Code, Taxonomy } from "../../../src/core/label/taxonomy.ts";
import { spanKinds } from "../../../src/core/trace/schema.ts";

const code = (id: string, more: Partial<Code> = {}): Code => ({ id, name: id, definition: `About ${id}.`, since: "1.0.0", ...more });
const taxonomy = (codes: Code[], more: Partial<Taxonomy> = {}): Taxonomy => ({ schema: "casebook/taxonomy@1", version: "1.0.0", codes, migrations: [], ...more });
const label = (codes: string[], version = "1.0.0"): Label => ({
  schema: "casebook/label@1",
  trace_id: "t",
  trace_revision: 1,
  annotator: "ann",
  verdict: "fail",
  codes: codes.map((id, index) => ({ id, role: index === 0 ? "root" : "downstream" })),
  taxonomy: version,
  at: "2026-11-22T00:00:00.000Z",
  seconds: 1,
});

test("the default taxonomy is sound, and every code says when to use it", () => {
  expect(taxonomyFaults(defaultTaxonomy)).toEqual([]);
  expect(defaultTaxonomy.codes).toHaveLength(36);
  for (const { name, definition, include, spans = [] } of defaultTaxonomy.codes) {
    expect(name.length).toBeLessThanOrEqual(26);
    expect(definition).toMatch(/^[A-Z].*\.$/);
    expect(include).toBeTruthy();
    for (const span of spans) expect(spanKinds).toContain(span);
  }
});

test("an exclude rule that points to another code names one that is there", () => {
  const named = defaultTaxonomy.codes.flatMap(({ include = "", exclude = "" }) => [...`${include} ${exclude}`.matchAll(/\b[a-z]+\.[a-z]+(?:-[a-z]+)*\b/g)].map(([id]) => id));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((id) => findCode(defaultTaxonomy, id) === undefined)).toEqual([]);
});

test("the text of a new taxonomy.yaml reads back as the default", () => {
  expect(readTaxonomy(defaultTaxonomyText(), "taxonomy.yaml")).toEqual(defaultTaxonomy);
});

test.each([
  ["an id twice", taxonomy([code("a.b"), code("a.b")]), "a.b is there twice"],
  ["a replacement that is not there", taxonomy([code("a.b", { replaced_by: ["a.c"] })]), "a.b is replaced by a.c, which is not there"],
  ["a code that replaces itself", taxonomy([code("a.b", { replaced_by: ["a.b"] })]), "a.b is replaced by itself"],
  ["an alias that is another's id", taxonomy([code("a.b"), code("a.c", { aliases: ["a.b"] })]), "a.b is an alias of a.c and belongs to a.b too"],
  ["an alias of two", taxonomy([code("a.b", { aliases: ["x"] }), code("a.c", { aliases: ["x"] })]), "x is an alias of a.c and belongs to a.b too"],
  ["a migration into nothing", taxonomy([code("a.b")], { migrations: [{ to: "1.0.0", kind: "merge", from: ["a.b"], into: ["a.z"] }] }), "the migration to 1.0.0 names a.z, which is not there"],
  ["a version behind its migrations", taxonomy([code("a.b")], { migrations: [{ to: "2.0.0", kind: "add", from: [], into: ["a.b"] }] }), "the version is 1.0.0 and the last migration leads to 2.0.0"],
])("%s is refused in words", (_, broken, fault) => {
  expect(taxonomyFaults(broken)).toEqual([fault]);
  expect(() => readTaxonomy(JSON.stringify(broken), "taxonomy.yaml")).toThrow(`taxonomy.yaml: ${fault}`);
});

test("labels are lifted through the migrations after their version, and only those", () => {
  const grown = taxonomy([code("a.one"), code("a.two"), code("a.both"), code("a.all"), code("a.left"), code("a.right")], {
    version: "3.0.0",
    migrations: [
      { to: "2.0.0", kind: "merge", from: ["a.one", "a.two"], into: ["a.both"] },
      { to: "3.0.0", kind: "rename", from: ["a.both"], into: ["a.all"] },
      { to: "3.0.0", kind: "split", from: ["a.right"], into: ["a.left", "a.all"] },
    ],
  });
  const ids = (one: Label): string[] => liftLabel(one, grown).codes.map(({ id, role }) => `${id} ${role}`);
  expect(ids(label(["a.one", "a.two"], "1.0.0"))).toEqual(["a.all root"]);
  expect(ids(label(["a.one", "a.both"], "2.0.0"))).toEqual(["a.one root", "a.all downstream"]);
  expect(ids(label(["a.one"], "3.0.0"))).toEqual(["a.one root"]);
  // A split waits for a person.
  expect(ids(label(["a.right"], "1.0.0"))).toEqual(["a.right root"]);
  expect(liftLabel(label(["a.one"], "1.0.0"), grown).taxonomy).toBe("3.0.0");
});

test.each([
  ["tool.args-wrong", "tool.args-wrong"],
  ["made up", "ground.fabricated"],
  ["targs", "tool.args-wrong"],
  ["handoff wrong", "handoff.wrong-target"],
  ["loop", "tool.redundant-or-loop"],
])("searching %j finds %s first", (typed, id) => {
  expect(searchCodes(defaultTaxonomy, typed)[0]?.id).toBe(id);
});

test("a search finds nothing for words no code holds, all codes for no words, and never one out of use", () => {
  expect(searchCodes(defaultTaxonomy, "zzqq")).toEqual([]);
  expect(searchCodes(defaultTaxonomy, " ")).toHaveLength(36);
  expect(searchCodes(taxonomy([code("a.b", { deprecated: true })]), "")).toEqual([]);
});
