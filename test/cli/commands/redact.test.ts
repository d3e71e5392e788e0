import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { casebook, scratch } from "../../support/io.ts";

const lines = (...records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join("");

test("a filter for pipes: text in, masked text out, a count on stderr, exit 0", async () => {
  const { code, out, err } = await casebook(scratch(), ["redact", "-"], { stdin: "mail mia.okafor@corp.io, password: Tr0ub4dor\n" });
  expect(code).toBe(0);
  expect(out).toMatch(/^mail \[EMAIL:[a-z2-7]{16}\], password: \[PASSWORD:[a-z2-7]{16}\]\n$/);
  expect(err).toBe("2 found: 1 EMAIL, 1 PASSWORD\n");
});

test("lines of another shape are no records: it says so, and what reads them", async () => {
  const ran = await casebook(scratch(), ["redact", "--jsonl", "-"], { stdin: lines({ resourceSpans: [] }) });
  expect([ran.code, ran.out]).toEqual([1, ""]);
  expect(ran.err).toContain("There is no {id, text} record in it.\n");
  expect(ran.err).toContain("casebook redact FILE");
  expect(ran.err).not.toContain("nothing found");
});

test("records with an equal member are one trace; findings say where in the text that came in", async () => {
  const cwd = scratch();
  const rows = [
    { id: "a", text: '{"first_name":"Zyxandra","user_id":"zyx_9912_abc"}', chat: 1 },
    { id: "b", text: "😀 Hello Zyxandra (zyx_9912_abc)", chat: 1 },
    { id: 3, text: "Hello Zyxandra", chat: 2 },
  ];
  writeFileSync(join(cwd, "msgs.jsonl"), lines(...rows));
  const { code, out } = await casebook(cwd, ["redact", "--jsonl", "msgs.jsonl", "--group-by", "chat"]);
  expect(code).toBe(0);
  const answers = out.trim().split("\n").map((line) => JSON.parse(line) as { id: unknown; text: string; findings: { start: number; end: number; kind: string; tier: string }[] });
  expect(answers.map(({ id }) => id)).toEqual(["a", "b", 3]);
  for (const { findings } of answers) for (const finding of findings) expect(Object.keys(finding)).toEqual(["start", "end", "kind", "tier"]);
  expect(answers[1]?.findings.map(({ start, end, kind }) => [kind, rows[1]?.text.slice(start, end)])).toEqual([
    ["NAME", "Zyxandra"],
    ["USER_ID", "zyx_9912_abc"],
  ]);
  expect(answers[1]?.text).not.toMatch(/zyx/i);
});

test("a line that is no record is reported with its number, the others come through, exit 1", async () => {
  const { code, out, err } = await casebook(scratch(), ["redact", "--jsonl", "-"], { stdin: `${lines({ id: 1, text: "a@b.io" })}not json\n${lines({ id: 2, text: "hello" })}` });
  expect(code).toBe(1);
  expect(out.trim().split("\n")).toHaveLength(2);
  expect(err).toContain("stdin:2:");
  expect(err).not.toContain("not json");
});

test("an audit counts and names, and never quotes", async () => {
  const run = await casebook(scratch(), ["redact", "-", "--json"], { stdin: '{"email":"mia.okafor@corp.io","zip":"19122"}' });
  const audit = run.json();
  expect(audit).toMatchObject({ schema: "casebook/redaction-audit@1", findings: 2, by_kind: { EMAIL: 1, ZIP: 1 }, by_tier: { certain: 2 }, quasi: { kinds: ["ZIP"], traces: 1, alone: 1, k: 1 }, redaction: { style: "token" } });
  expect(run.out + run.err).not.toMatch(/okafor|19122/);
});

test.each([
  ["type", /^\[EMAIL\] \[IP\]$/],
  ["surrogate", /^[a-z2-7]{16}@example\.com 203\.0\.113\.\d+$/],
  ["token", /^\[EMAIL:[a-z2-7]{16}\] \[IP:[a-z2-7]{16}\]$/],
])("--style %s", async (style, expected) => {
  const { out } = await casebook(scratch(), ["redact", "-", "--style", style], { stdin: "mia@corp.io 81.2.69.142" });
  expect(out).toMatch(expected);
});

test("JSON keeps its form byte for byte around what is masked; --text reads it as prose; --json-input refuses prose", async () => {
  const json = '{ "email" : "mia@corp.io",\n  "n": 1.50 }\n';
  const { out } = await casebook(scratch(), ["redact", "-"], { stdin: json });
  expect(out.replace(/\[EMAIL:[a-z2-7]{16}\]/, "mia@corp.io")).toBe(json);
  const prose = await casebook(scratch(), ["redact", "-", "--json-input"], { stdin: "hello" });
  expect(prose.code).toBe(2);
  expect((await casebook(scratch(), ["redact", "-", "--text"], { stdin: '{"a":"{"' })).out).toBe('{"a":"{"');
});

test("a policy file: own patterns, own member names, kinds to ignore, values to allow", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "plain.txt"), "ticket TCK-4711-AB, seat=12A, from 81.2.69.142, mia@corp.io, bob@corp.io");
  const { out: first } = await casebook(cwd, ["redact", "plain.txt"]);
  const token = /\[EMAIL:[a-z2-7]{16}\]/.exec(first)?.[0] ?? "";
  writeFileSync(join(cwd, "policy.yaml"), `redact:\n  style: token\n  ignore: [IP]\n  allow: ["${token}"]\n  patterns:\n    - {name: TICKET, pattern: "TCK-\\\\d+-[A-Z]{2}"}\n`);
  const { out } = await casebook(cwd, ["redact", "plain.txt", "--policy", "policy.yaml"]);
  expect(out).toMatch(/^ticket \[TICKET:[a-z2-7]{16}\], seat=12A, from 81\.2\.69\.142, mia@corp\.io, \[EMAIL:[a-z2-7]{16}\]$/);
});

test.each([
  ["a pattern RE2 refuses", "patterns: [{name: BAD, pattern: '(a'}]", /BAD is no RE2 pattern/],
  ["a field there is not", "fields: {trace.nothing: drop}", /no field is called trace\.nothing/],
  ["a member there is not", "colour: red", /unknown member/],
])("a policy with %s is the user's to fix", async (_, policy, message) => {
  const cwd = scratch();
  writeFileSync(join(cwd, "p.yaml"), policy);
  const { code, err } = await casebook(cwd, ["redact", "-", "--policy", "p.yaml"], { stdin: "x" });
  expect(code).toBe(2);
  expect(err).toMatch(message);
});

test("a detector of the user's own sees every text and its findings are masked everywhere", async () => {
  const cwd = scratch();
  const script = `process.stdin.on("data",(d)=>{for(const l of String(d).trim().split("\\n")){const{id,text}=JSON.parse(l);const at=text.indexOf("Rosebud");console.log(JSON.stringify({id,findings:at<0?[]:[{start:at,end:at+7,kind:"CODENAME"}]}))}})`;
  writeFileSync(join(cwd, "detect.cjs"), script);
  writeFileSync(join(cwd, "p.yaml"), `detector: {command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(join(cwd, "detect.cjs"))}]}`);
  const { code, out } = await casebook(cwd, ["redact", "-", "--policy", "p.yaml"], { stdin: "project Rosebud is late" });
  expect(code).toBe(0);
  expect(out).toMatch(/^project \[CODENAME:[a-z2-7]{16}\] is late$/);
});

test.each([
  ["fails", "process.exit(3)"],
  ["writes something else", "console.log('hello')"],
  ["takes too long", "setTimeout(() => {}, 60000)"],
])("a detector that %s lets nothing through", async (_, script) => {
  const cwd = scratch();
  writeFileSync(join(cwd, "p.yaml"), `detector: {command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(script)}], timeout_ms: 1500}`);
  const { code, out, err } = await casebook(cwd, ["redact", "-", "--policy", "p.yaml"], { stdin: "the secret project Rosebud" });
  expect(code).toBe(3);
  expect(out).toBe("");
  expect(err).not.toContain("Rosebud");
});

test("without a key a filter writes none, and says that its tokens are of this run only", async () => {
  const { err, code } = await casebook(scratch(), ["redact", "-"], { stdin: "mia@corp.io", env: { CASEBOOK_KEY: "" } });
  expect(code).toBe(0);
  expect(err).toContain("No key yet");
});

test.each([
  [["redact", "nothing.txt"], /cannot be read/],
  [["redact", "--group-by", "x"], /--group-by is for records/],
  [["redact", "--store", "file"], /takes no file/],
])("%j is a usage error", async (argv, message) => {
  const { code, err } = await casebook(scratch(), argv);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});

test("redact --store applies a stricter policy, and what a person masked, to what was pulled", async () => {
  const cwd = scratch();
  const trace = { object: "trace", id: "trace_0123456789abcdef0123456789abcdef", workflow_name: "Shop", group_id: null, metadata: null };
  const span = {
    object: "trace.span",
    id: "span_0123456789abcdef01234567",
    trace_id: trace.id,
    parent_id: null,
    started_at: "2026-11-01T10:00:00.000Z",
    ended_at: "2026-11-01T10:00:01.000Z",
    span_data: { type: "function", name: "find", input: "{}", output: "blurb 9f86d081884c7d659a2feaa0c55ad015 for TCK-4711" },
    error: null,
  };
  writeFileSync(join(cwd, "traces.jsonl"), lines(trace, span));
  expect((await casebook(cwd, ["pull", "traces.jsonl"])).code).toBe(0);
  writeFileSync(join(cwd, "p.yaml"), "patterns: [{name: TICKET, pattern: 'TCK-[0-9]+'}]");
  const dry = (await casebook(cwd, ["redact", "--store", "--policy", "p.yaml", "--dry-run", "--json"])).json();
  expect(dry).toMatchObject({ traces: 1, changed: 1, dry_run: true });
  expect((await casebook(cwd, ["show", trace.id])).out).toContain("TCK-4711");
  expect((await casebook(cwd, ["redact", "--store", "--policy", "p.yaml"])).code).toBe(0);
  const shown = (await casebook(cwd, ["show", trace.id])).out;
  expect(shown).not.toContain("TCK-4711");
  const folder = join(cwd, ".casebook/traces");
  expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1")).join("")).not.toContain("TCK-4711");
  expect((await casebook(cwd, ["redact", "--store", "--policy", "p.yaml", "--json"])).json()).toMatchObject({ changed: 0 });
});
