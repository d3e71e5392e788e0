import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLabels } from "../../../src/adapters/files/journal.ts";
import { run } from "../../../src/cli/run.ts";
import { refund, workspaceOf } from "../../support/labelling.ts";
import { casebook, scratch } from "../../support/io.ts";
import { fakeTerminal } from "../../support/screen.ts";

const env = { CASEBOOK_KEY: "00".repeat(32), CASEBOOK_ANNOTATOR: "ann" };
const fresh = (count = 3): Promise<string> => workspaceOf(scratch(), Array.from({ length: count }, (_, n) => refund(n + 1, { suspect: n === 0 })));
const labelsIn = (cwd: string) => readLabels(join(cwd, ".casebook/labels"));
const journalOf = (cwd: string): string => readFileSync(join(cwd, ".casebook/labels/ann.jsonl"), "utf8");
const answersIn = (cwd: string, ...lines: readonly unknown[]): void =>
  writeFileSync(join(cwd, "answers.jsonl"), lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)) + "\n").join(""));

test("without a terminal it says which flag to use and exits 2", async () => {
  const { code, err } = await casebook(await fresh(), ["label"]);
  expect(code).toBe(2);
  expect(err).toMatch(/no terminal[\s\S]*--answers FILE, or --plain/);
});

test("with nothing to label it says how to get traces and exits 2", async () => {
  const { code, err } = await casebook(scratch(), ["label", "--plain"]);
  expect([code, err]).toEqual([2, expect.stringContaining("casebook pull FILE")]);
});

test("a file of answers becomes labels; running it again changes nothing", async () => {
  const cwd = await fresh();
  answersIn(
    cwd,
    { trace: "trace_0001abcd", verdict: "pass" },
    { trace: "0002", verdict: "fail", codes: ["tool.redundant-or-loop", "TOOL.wrong-choice"], first_failing_span: "span_again", expected: "must not call get_order at most 1 times", note: "asked  twice", severity: "low" },
    "",
    { match: { workflow: "support", contains: "ORDER 3." }, verdict: "fail", note: "no" },
  );
  const first = await casebook(cwd, ["label", "--answers", "answers.jsonl", "--json"]);
  expect(first.err).toContain("Next: casebook build");
  expect([first.code, first.json()]).toMatchObject([0, { schema: "casebook/label-result@1", labelled: 3, passed: 1, failed: 2, waiting: 0, labels: 3, answers: 3, unchanged: 0, refused: [] }]);
  expect(labelsIn(cwd)).toMatchObject([
    { trace_id: "trace_0001abcd", verdict: "pass", annotator: "ann" },
    {
      trace_id: "trace_0002abcd",
      codes: [{ id: "tool.redundant-or-loop", role: "root" }, { id: "tool.wrong-choice", role: "downstream" }],
      first_failing_span: "span_again2",
      note: "asked twice",
      severity: "low",
    },
    { trace_id: "trace_0003abcd", verdict: "fail", note: "no" },
  ]);
  const before = journalOf(cwd);
  expect((await casebook(cwd, ["label", "--answers", "answers.jsonl", "--json"])).json()).toMatchObject({ labelled: 0, unchanged: 3 });
  expect(journalOf(cwd)).toBe(before);
});

test.each([
  ["{", "bad-answer", "not a JSON object"],
  [[1], "bad-answer", "not a JSON object"],
  [{ trace: "trace_0001abcd", verdict: "maybe" }, "bad-answer", "should be one of pass, fail"],
  [{ trace: "trace_0001abcd", verdict: "pass", extra: 1 }, "bad-answer", "unknown member"],
  [{ verdict: "pass" }, "bad-answer", "by `trace` or by `match`"],
  [{ trace: "trace_0001abcd", match: {}, verdict: "pass" }, "bad-answer", "not by both"],
  [{ trace: "trace_9", verdict: "pass" }, "unknown-trace", "No stored trace has this id"],
  [{ trace: "trace_000", verdict: "pass" }, "ambiguous-trace", "3 traces fit"],
  [{ match: { contains: "order" }, verdict: "pass" }, "ambiguous-trace", "3 traces fit"],
  [{ match: { contains: "nowhere" }, verdict: "pass" }, "unknown-trace", "fits this `match`"],
  [{ trace: "0001", verdict: "fail", codes: ["tool.args-worng"] }, "unknown-code", "The first code is not in the taxonomy"],
  [{ trace: "0001", verdict: "fail", note: "x", first_failing_span: "span_x" }, "unknown-span", "no such span"],
  [{ trace: "0001", verdict: "fail", note: "x", first_failing_span: "s" }, "unknown-span", "spans of this trace begin so"],
  [{ trace: "0001", verdict: "fail" }, "bad-answer", "needs a note or a code"],
  [{ trace: "0001", verdict: "pass", codes: ["tool.args-wrong"] }, "bad-answer", "A pass has no failure codes"],
])("answer %j is refused as %s with its line, and the good ones stay", async (bad, code, words) => {
  const cwd = await fresh();
  answersIn(cwd, { trace: "0002", verdict: "pass" }, bad, { trace: "0003", verdict: "pass" });
  const ran = await casebook(cwd, ["label", "--answers", "answers.jsonl", "--json"]);
  expect(ran.code).toBe(2);
  expect(ran.json().refused).toMatchObject([{ code, where: { file: "answers.jsonl", line: 2 }, message: expect.stringContaining(words) }]);
  expect(ran.err).toContain("answers.jsonl:2: ");
  expect(labelsIn(cwd).map(({ trace_id }) => trace_id)).toEqual(["trace_0002abcd", "trace_0003abcd"]);
});

test("a mistyped code is met with its likely neighbours", async () => {
  const cwd = await fresh();
  answersIn(cwd, { trace: "0001", verdict: "fail", codes: ["wrong-args"] });
  expect((await casebook(cwd, ["label", "--answers", "answers.jsonl"])).err).toContain("Did you mean");
});

test("answers come from standard input too, and a dry run writes nothing", async () => {
  const cwd = await fresh();
  const ran = await casebook(cwd, ["label", "--answers", "-", "--dry-run", "--json"], { stdin: `{"trace":"0001","verdict":"pass"}` });
  expect([ran.code, ran.json()]).toMatchObject([0, { labelled: 1, dryRun: true }]);
  expect(existsSync(join(cwd, ".casebook/labels"))).toBe(false);
});

test("typed text is redacted before it is on the disk, whatever way it came", async () => {
  const cwd = await fresh();
  answersIn(cwd, { trace: "0001", verdict: "fail", note: "wrote to jane.roe@example.org", expected: 'must call refund {"email":"jane.roe@example.org"}' });
  await casebook(cwd, ["label", "--answers", "answers.jsonl"]);
  expect(journalOf(cwd)).not.toContain("jane.roe");
  expect(labelsIn(cwd)[0]?.note).toMatch(/^wrote to \[EMAIL:\w+\]$/);
});

test("exact duplicates are not asked about and do not make a match ambiguous", async () => {
  const cwd = await fresh();
  const decision = { schema: "casebook/dedup@1", level: "exact", dropped: "trace_0002abcd", kept: "trace_0001abcd", score: 1, threshold: 1, view: "content", rule: "r@1" };
  writeFileSync(join(cwd, ".casebook/dedup.jsonl"), `${JSON.stringify(decision)}\n`);
  answersIn(cwd, { match: { contains: "order 2" }, verdict: "pass" });
  const ran = await casebook(cwd, ["label", "--answers", "answers.jsonl", "--json"]);
  expect(ran.json()).toMatchObject({ waiting: 2, refused: [{ code: "unknown-trace" }] });
});

test("--plain asks line by line and takes undo, codes and parts", async () => {
  const cwd = await fresh();
  const stdin = ["?", "p", "f", "twice the same", "4", "it should ask", "u", "f", "", "args", "tool.args-wrong 6", "", "", "s", "x"].join("\n") + "\n";
  const ran = await casebook(cwd, ["label", "--plain"], { stdin });
  expect(ran.code).toBe(0);
  expect(ran.err).toContain("4. tool get_order · Support ! get_order called 2 times");
  expect(ran.err).toContain("tool.args-wrong: Calls the right tool with arguments");
  expect(labelsIn(cwd)).toMatchObject([
    { trace_id: "trace_0001abcd", verdict: "pass" },
    { trace_id: "trace_0002abcd", verdict: "fail", codes: [{ id: "tool.args-wrong" }, { id: "ground.fabricated" }] },
  ]);
  expect(ran.err).toMatch(/2 labelled \(1 pass, 1 fail\), 1 skipped/);
});

test("--plain keeps what was decided when its input ends, in any question", async () => {
  for (const lines of [["p"], ["p", "f"], ["p", "f", "note"], ["p", "f", "note", "2"]]) {
    const cwd = await fresh();
    const { code } = await casebook(cwd, ["label", "--plain"], { stdin: lines.join("\n") });
    expect([code, labelsIn(cwd).length]).toEqual([0, 1]);
  }
});

test("a dumb terminal is asked line by line without being told to", async () => {
  const cwd = await fresh();
  const { code, err } = await casebook(cwd, ["label"], { stdin: "p\nq\n", env: { TERM: "dumb" } });
  expect([code, labelsIn(cwd).length]).toEqual([0, 1]);
  expect(err).toContain("Verdict?");
});

test("a whole session on the screen: pass, fail with a note and a mark, skip, quit", async () => {
  const cwd = await fresh();
  const { io, screen, raw, type } = fakeTerminal();
  const out = fakeTerminal();
  const done = run(["label", "--json"], { ...io, stdout: out.io.stderr, cwd, env });
  await type("1 of 3", "p");
  await type("PASS", "\r");
  await type("2 of 3", "n");
  await type("part 4 of 5", "m");
  await type("first failing (X)", "f", ...Array.from("looked twice"));
  await type("note: looked twice", "\r");
  await type("Enter commits", "\r");
  await type("3 of 3", "s");
  expect(screen.alternate()).toBe(true);
  await type("has had its turn", "\r");
  expect(await done).toBe(0);
  await screen.settled();
  expect(screen.alternate()).toBe(false);
  expect(raw().split("\u001b[?1049l")).toHaveLength(2);
  expect(screen.rows().join("\n")).toMatch(/2 labelled \(1 pass, 1 fail\), 1 skipped/);
  expect(labelsIn(cwd)).toMatchObject([{ verdict: "pass" }, { verdict: "fail", note: "looked twice", first_failing_span: "span_again2" }]);
  expect(JSON.parse(out.raw())).toMatchObject({ labelled: 2, skipped: 1 });
});

test("Ctrl-C saves, restores the screen and exits 130; the next session goes on at the same place", async () => {
  const cwd = await fresh();
  const first = fakeTerminal();
  const ended = run(["label", "--codes", "always"], { ...first.io, stdout: first.io.stderr, cwd, env });
  await first.type("1 of 3", "p");
  await first.type("PASS", "\r");
  await first.type("2 of 3", "3", "j");
  await first.type("part 3 of 5", "\u0003");
  expect(await ended).toBe(130);
  await first.screen.settled();
  expect(first.screen.alternate()).toBe(false);
  const second = fakeTerminal();
  const again = run(["label"], { ...second.io, stdout: second.io.stderr, cwd, env });
  const seen = await second.type("Here is where you left", "q");
  expect(seen).toContain("0002abcd");
  expect(seen).toContain("part 3 of 5");
  expect(seen).toContain("FAIL  root tool.wrong-choice");
  expect(await again).toBe(0);
  expect(labelsIn(cwd)).toHaveLength(1);
});

test("a signal from outside saves and leaves as Ctrl-C does", async () => {
  const cwd = await fresh();
  const { io, screen, type } = fakeTerminal();
  const stop = new AbortController();
  const done = run(["label"], { ...io, stdout: io.stderr, cwd, env, signal: stop.signal });
  await type("1 of 3", "p");
  await type("PASS");
  stop.abort();
  expect(await done).toBe(130);
  await screen.settled();
  expect(screen.alternate()).toBe(false);
  expect(journalOf(cwd)).toContain('"kind":"draft"');
});

test("undo on the screen reaches into the session before", async () => {
  const cwd = await fresh(1);
  await casebook(cwd, ["label", "--plain"], { stdin: "p\n" });
  const { io, type } = fakeTerminal();
  const done = run(["label"], { ...io, stdout: io.stderr, cwd, env });
  await type("Nothing waits", "u");
  await type("Label undone: it was pass", "f", "n", "o", "\r");
  await type("Enter commits", "\r");
  await type("has had its turn", "q");
  expect(await done).toBe(0);
  expect(labelsIn(cwd)).toMatchObject([{ verdict: "fail", note: "no" }]);
});

test("keys that come in one piece with the one that brought a new trace do nothing to it", async () => {
  const cwd = await fresh();
  const { io, type } = fakeTerminal();
  const done = run(["label"], { ...io, stdout: io.stderr, cwd, env });
  await type("1 of 3", "sssssp\r");
  await type("2 of 3", "q");
  await done;
  expect(journalOf(cwd).match(/"kind":"skip"/g)).toHaveLength(1);
  expect(labelsIn(cwd)).toEqual([]);
});

test("pasted text fires no key, and goes whole into a line", async () => {
  const cwd = await fresh();
  const { io, type } = fakeTerminal();
  const done = run(["label"], { ...io, stdout: io.stderr, cwd, env });
  await type("1 of 3", "\u001b[200~p s q\r12\u001b[201~");
  await type("Pasted text is ignored", "f");
  await type("note:", "\u001b[200~p s q\r12\u001b[201~");
  await type("note: p s q 12", "\r");
  await type("Enter commits", "\r");
  await type("2 of 3", "q");
  expect(await done).toBe(0);
  expect(labelsIn(cwd)).toMatchObject([{ verdict: "fail", note: "p s q 12" }]);
});

test("a resize paints the whole screen anew and leaves no stale line", async () => {
  const cwd = await fresh();
  const { io, screen, type, resize } = fakeTerminal(100, 30);
  const done = run(["label", "--codes", "always"], { ...io, stdout: io.stderr, cwd, env });
  await type("1 of 3", "3");
  await type("x 3 wrong tool");
  resize(60, 15);
  const seen = await type("part 2 of 5");
  expect(seen.split("\n")).toHaveLength(15);
  expect(seen.match(/casebook label/g)).toHaveLength(1);
  expect(seen.match(/FAIL {2}root/g)).toHaveLength(1);
  await type("FAIL", "q");
  expect(await done).toBe(0);
  await screen.settled();
  expect(screen.alternate()).toBe(false);
});

test("the expectation comes from the editor, and nothing typed there stays on the disk", async () => {
  const cwd = await fresh();
  const editor = join(scratch(), "editor.mjs");
  writeFileSync(editor, `import { readFileSync, writeFileSync } from "node:fs"; const file = process.argv[2]; const text = readFileSync(file, "utf8"); writeFileSync(file + "~", "backup of jane.roe@example.org"); writeFileSync(file, "must not call get_order\\nask jane.roe@example.org\\n" + text);`);
  const { io, type } = fakeTerminal();
  const done = run(["label"], { ...io, stdout: io.stderr, cwd, env: { ...env, EDITOR: `"${process.execPath}" "${editor}"` } });
  await type("1 of 3", "e");
  await type("Expected kept: 1 check.", "p");
  await type("PASS", "\r");
  await type("2 of 3", "q");
  expect(await done).toBe(0);
  expect(labelsIn(cwd)[0]?.expected).toMatch(/^must not call get_order\nask \[EMAIL:\w+\]$/);
  const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toContain("ann.jsonl");
  expect(files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes("jane.roe"))).toEqual([]);
});

test("NO_COLOR paints without one colour", async () => {
  const cwd = await fresh();
  for (const [extra, coloured] of [[{}, true], [{ NO_COLOR: "1" }, false]] as const) {
    const { io, raw, type } = fakeTerminal();
    const done = run(["label"], { ...io, stdout: io.stderr, cwd, env: { ...env, TERM: "xterm-256color", ...extra } });
    await type("1 of 3", "q");
    await done;
    expect(raw().includes("\u001b[1m")).toBe(coloured);
  }
});

test("--only asks for what is named, labelled or not; --limit stops after so many", async () => {
  const cwd = await fresh();
  await casebook(cwd, ["label", "--plain"], { stdin: "p\np\np\n" });
  const again = await casebook(cwd, ["label", "--plain", "--only", "0002"], { stdin: "f\nnot so\n\n\n" });
  expect(again.err).toContain("Trace 1 of 1");
  expect(labelsIn(cwd).find(({ trace_id }) => trace_id === "trace_0002abcd")).toMatchObject({ verdict: "fail", note: "not so" });
  const other = await fresh();
  expect((await casebook(other, ["label", "--plain", "-n", "2"], { stdin: "p\np\n" })).err).toContain("Trace 2 of 2");
  expect(labelsIn(other)).toHaveLength(2);
  expect((await casebook(other, ["label", "--plain", "--only", "zzz"])).code).toBe(2);
});

test("the taxonomy of the workspace is the one that is asked about", async () => {
  const cwd = await fresh();
  writeFileSync(join(cwd, "taxonomy.yaml"), "schema: casebook/taxonomy@1\nversion: 2.0.0\ncodes:\n  - {id: shop.late, name: late, definition: Too late., since: 2.0.0, aliases: [slow]}\nmigrations: []\n");
  answersIn(cwd, { trace: "0001", verdict: "fail", codes: ["slow"] });
  await casebook(cwd, ["label", "--answers", "answers.jsonl"]);
  expect(labelsIn(cwd)).toMatchObject([{ codes: [{ id: "shop.late", role: "root" }], taxonomy: "2.0.0" }]);
  writeFileSync(join(cwd, "taxonomy.yaml"), "schema: casebook/taxonomy@1\nversion: [\n");
  expect(await casebook(cwd, ["label", "--plain"])).toMatchObject({ code: 2, err: expect.stringMatching(/taxonomy\.yaml:\d/) });
});

test("an annotator is a short name, from the flag, the environment or the user", async () => {
  const cwd = await fresh();
  expect((await casebook(cwd, ["label", "--plain", "--annotator", "a@example.com"])).code).toBe(2);
  await casebook(cwd, ["label", "--plain"], { stdin: "p\n", env: { CASEBOOK_ANNOTATOR: "", USER: "Bo Bar@corp" } });
  expect(existsSync(join(cwd, ".casebook/labels/bo-bar.jsonl"))).toBe(true);
  mkdirSync(join(cwd, "deeper"));
  await casebook(join(cwd, "deeper"), ["label", "--plain", "--annotator", "cy"], { stdin: "p\n" });
  expect(existsSync(join(cwd, "deeper/.casebook/labels"))).toBe(false);
});

test("casebook.yaml says who judges, then git does; the environment goes before both", async () => {
  const cwd = await fresh();
  const judged = async (env: Record<string, string>): Promise<string> =>
    (await casebook(cwd, ["label", "--plain", "--json"], { stdin: "", env: { CASEBOOK_ANNOTATOR: "", HOME: cwd, ...env } })).json().annotator;
  writeFileSync(join(cwd, ".gitconfig"), '[user]\n\tname = Zoë "Z" Müller\n');
  expect(await judged({ USER: "root" })).toBe("zoe-z-muller");
  writeFileSync(join(cwd, "casebook.yaml"), "schema: casebook/config@1\nannotator: cleo\n");
  expect(await judged({})).toBe("cleo");
  expect(await judged({ CASEBOOK_ANNOTATOR: "dee" })).toBe("dee");
});

test("nobody knows who judges: the person is asked once, and the name kept where they say so", async () => {
  const cwd = await fresh();
  writeFileSync(join(cwd, "casebook.yaml"), "# our config\nschema: casebook/config@1\n# annotator: ann\ndataset: main\n");
  const env = { CASEBOOK_ANNOTATOR: "", HOME: cwd, GIT_CONFIG_NOSYSTEM: "1", USER: "root", TERM: "xterm" };
  const terminal = fakeTerminal();
  const running = casebook(cwd, ["label", "--json"], { env, io: terminal.io });
  await terminal.type("Who is labelling?", ..."a@b".split(""), "\r");
  await terminal.type("short name of letters", "\u007f", "\u007f", "\u007f", ..."eve".split(""), "\r");
  await terminal.type("Keep it in casebook.yaml?", "y", "\r");
  await terminal.type("q quit", "q");
  expect((await running).json().annotator).toBe("eve");
  expect(readFileSync(join(cwd, "casebook.yaml"), "utf8")).toBe("# our config\nschema: casebook/config@1\nannotator: eve\ndataset: main\n");
});
