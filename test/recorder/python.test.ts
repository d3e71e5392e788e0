import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNative } from "../../src/core/sources/native.ts";
import { assembleTrace } from "../../src/core/trace/assemble.ts";
import { completenessOf } from "../../src/core/trace/completeness.ts";
import { transcriptOf } from "../../src/core/trace/transcript.ts";
import { scratch } from "../support/io.ts";

/** What the recorder needs of the SDK: the base class, and traces and spans that export themselves as it does. */
const sdk = `
class TracingProcessor: pass

class Trace:
    def __init__(self, id): self.id = id
    def export(self):
        return {"object": "trace", "id": self.id, "workflow_name": "Support", "group_id": None, "metadata": None, "tracing_api_key": "sk-never"}

class Data:
    def __init__(self, type, **fields):
        self.type = type
        self.__dict__.update(fields)
    def export(self):
        if self.type == "response": return {"type": "response", "response_id": self.response.id if self.response else None, "usage": None}
        return {"type": self.type, "name": self.name, "input": self.input, "output": None if self.output is None else str(self.output), "mcp_data": None}

class Span:
    def __init__(self, id, data, parent=None): self.id, self.span_data, self.parent = id, data, parent
    def export(self):
        return {"object": "trace.span", "id": self.id, "trace_id": "trace_1", "parent_id": self.parent,
                "started_at": "2026-01-01T00:00:0%s+00:00" % self.id[-1], "ended_at": "2026-01-01T00:00:0%s.5+00:00" % self.id[-1],
                "span_data": self.span_data.export(), "error": None}

class Response:
    def __init__(self, id, output): self.id, self.output = id, output
    def model_dump(self, mode="python", warnings=True):
        return {"id": self.id, "object": "response", "model": "gpt-x", "instructions": "Be kind.", "output": self.output, "tools": []}

class Off:
    def export(self): return None
    span_data = None
`;

/** Without it these tests are reported as skipped, by name. */
const python = spawnSync("python3", ["--version"]).status === 0;

/** Runs lines of Python beside the recorder, in a folder of its own; answers the folder and what went to stderr. */
function run(lines: string): { folder: string; err: string; file: (name?: string) => string } {
  const folder = scratch();
  mkdirSync(join(folder, "agents", "tracing"), { recursive: true });
  writeFileSync(join(folder, "agents", "__init__.py"), "");
  writeFileSync(join(folder, "agents", "tracing", "__init__.py"), sdk);
  copyFileSync(join(import.meta.dirname, "../../recorder/casebook_recorder.py"), join(folder, "casebook_recorder.py"));
  writeFileSync(join(folder, "main.py"), `from agents.tracing import *\nfrom casebook_recorder import CasebookRecorder\n${lines}`);
  const { status, stderr } = spawnSync("python3", ["-B", "main.py"], { cwd: folder, encoding: "utf8" });
  expect(stderr.includes("Traceback") ? stderr : status).toBe(0);
  return { folder, err: stderr, file: (name = "traces.jsonl") => readFileSync(join(folder, name), "utf8") };
}

test.skipIf(!python)("the Python recorder keeps what pull needs to rebuild the run (needs python3)", () => {
  const { file, folder } = run(`
r = CasebookRecorder("out/traces.jsonl")
call = {"type": "function_call", "call_id": "c1", "name": "lookup", "arguments": '{"id": "A"}'}
ask = [{"role": "user", "content": "Where is A? \\ud83d \\u2028"}]
r.on_trace_start(Trace("trace_1"))
r.on_span_end(Span("s1", Data("response", input=ask, response=Response("r1", [call]))))
r.on_span_end(Span("s2", Data("function", name="lookup", input='{"id": "A"}', output={"found": True, "note": None})))
done = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Here."}]}]
r.on_span_end(Span("s3", Data("response", input=ask + [call, {"type": "function_call_output", "call_id": "c1", "output": "{'found': True, 'note': None}"}], response=Response("r2", done))))
r.on_span_end(Off()); r.on_trace_start(Off()); r.on_trace_end(Trace("trace_1"))
r.force_flush(); r.shutdown()
assert (r.written, r.failed) == (4, 0), (r.written, r.failed)
`);
  const text = file("out/traces.jsonl");
  expect(text).not.toContain("sk-never");
  expect(/^[\x20-\x7e\n]*$/.test(text)).toBe(true);
  expect(statSync(join(folder, "out", "traces.jsonl")).mode & 0o777).toBe(0o600);
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(lines[2].span_data).toMatchObject({ output: "{'found': True, 'note': None}", _output_json: { found: true, note: null } });
  const trace = assembleTrace(lines.flatMap((line) => readNative(line, { file: "traces.jsonl" }).pieces));
  expect(completenessOf(trace)).toMatchObject({ content: "full", replayable: { ok: true } });
  expect(transcriptOf(trace).steps.map(({ kind }) => kind)).toEqual(["message", "tool", "message"]);
  expect(transcriptOf(trace).output).toBe("Here.");
});

test.skipIf(!python)("the Python recorder never writes what the hook did not pass, and never raises (needs python3)", () => {
  const { file, err } = run(`
def redact(record):
    if record["object"] == "trace": return None
    if record["id"] == "s2": raise ValueError("raw secret")
    record["span_data"]["input"] = "[gone]"
    return record
r = CasebookRecorder("traces.jsonl", redact=redact)
loop = {"n": float("nan"), ("a", 1): {1}}; loop["self"] = loop
r.on_trace_start(Trace("trace_1"))
for id in ("s1", "s2", "s3"):
    r.on_span_end(Span(id, Data("function", name="t", input="raw secret", output=loop)))
r.on_span_end(object())
assert (r.written, r.dropped, r.failed) == (2, 1, 2), (r.written, r.dropped, r.failed)
blocked = CasebookRecorder("main.py/traces.jsonl")
blocked.on_trace_start(Trace("trace_1"))
assert blocked.failed == 1
`);
  const lines = file().trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(lines.map(({ id, span_data }) => [id, span_data.input, span_data._output_json])).toEqual(
    ["s1", "s3"].map((id) => [id, "[gone]", { n: "nan", "('a', 1)": [1], self: "[circular]" }]),
  );
  expect(err).toBe(
    "casebook recorder: a record was not written (ValueError); further failures are only counted.\n" +
      "casebook recorder: a record was not written (FileExistsError); further failures are only counted.\n",
  );
});

test.skipIf(!python)("threads and processes may share one file; a torn line is closed off; full files are left (needs python3)", () => {
  const { file, folder } = run(`
import os, threading
open("traces.jsonl", "w").write('{"torn":')
big = "x" * 50000
def work(name):
    r = CasebookRecorder("traces.jsonl")
    for n in range(25): r.on_span_end(Span("%s-%d" % (name, n), Data("function", name=big, input="{}", output="")))
pids = []
for child in "ab":
    pid = os.fork()
    if pid == 0:
        work(child); os._exit(0)
    pids.append(pid)
threads = [threading.Thread(target=work, args=(name,)) for name in "cd"]
for t in threads: t.start()
for t in threads: t.join()
for pid in pids: os.waitpid(pid, 0)
small = CasebookRecorder("part.jsonl", max_bytes=300)
for n in range(4): small.on_span_end(Span("p%d" % n, Data("function", name="t", input="{}", output="")))
CasebookRecorder("day.jsonl", daily=True).on_trace_start(Trace("trace_1"))
`);
  const [torn, ...lines] = file().trimEnd().split("\n");
  expect(torn).toBe('{"torn":');
  expect(new Set(lines.filter((line) => line !== "").map((line) => JSON.parse(line).id)).size).toBe(100);
  const names = execFileSync("ls", [folder], { encoding: "utf8" }).split("\n");
  expect(names.filter((name) => /^(part(\.\d)?|day-\d{4}-\d\d-\d\d)\.jsonl$/.test(name))).toHaveLength(3);
});
