import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { unpacked } from "../../src/adapters/files/bytes.ts";
import { clean } from "../../src/core/sources/clean.ts";
import { argumentsKey } from "../../src/core/trace/units.ts";
import { casebook } from "../support/io.ts";
import { answered, called, lines, message, otlp, otlpSpan, pulled, ran, spanRecord, traceRecord } from "../support/gotcha.ts";

const good = (n: number, text = "ok"): string => JSON.stringify(spanRecord("trace_1", `span_${n}`, ran("lookup", "{}", text)));
const outputs = async (file: string | Buffer | Record<string, string | Buffer>): Promise<(string | undefined)[]> => (await (await pulled(file)).trace()).spans.map(({ tool }) => tool?.output);
/** The problems of a file whose first and last records are well-formed: both must have come in. */
async function between(bad: string | Buffer): Promise<{ codes: string[]; messages: string; spans: number }> {
  const bytes = Buffer.concat([Buffer.from(`${good(1)}\n`), Buffer.from(bad), Buffer.from(`\n${good(2)}\n`)]);
  const { summary, trace } = await pulled(bytes);
  const ids = (await trace("trace_1")).spans.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(["span_1", "span_2"]));
  return { codes: summary.problems.map(({ code }) => code), messages: summary.problems.map((problem) => `${problem.message} ${problem.remedy}`).join(" "), spans: ids.length };
}

test("E1 line separators of Unicode inside strings end no record", async () => {
  const text = "one\u2028two\u2029three\u0085four";
  const file = `${JSON.stringify(spanRecord("trace_1", "span_1", ran("lookup", "{}", text)))}\n${good(2)}\n`;
  expect(file).toContain("\u2028");
  expect(await outputs(file)).toEqual([text, "ok"]);
});

test("E2 characters that lie over the border of two chunks come out whole, plain and packed", async () => {
  for (const pad of [0, 1, 2, 3]) {
    // Files are read in 256 KiB, gzip gives 1 MiB at a time.
    const text = "x".repeat(pad) + "😀é".repeat(pad === 3 ? 200_000 : 50_000);
    const file = Buffer.from(`${good(1)}\n${JSON.stringify(spanRecord("trace_1", "span_2", { type: "custom", name: "c", data: { text } }))}\n`);
    for (const bytes of pad === 3 ? [file, gzipSync(file)] : [file]) {
      const { summary, trace } = await pulled(bytes);
      expect(summary.problems).toEqual([]);
      expect((await trace()).spans[1]?.data?.["text"]).toBe(text);
    }
  }
});

test("E3 bytes that are not UTF-8 are refused with their line, and nothing is replaced in silence", async () => {
  const bad = Buffer.from(good(3, "caf\u00e9"), "latin1");
  const found = await between(bad);
  expect(found).toMatchObject({ codes: ["bad-utf8"], spans: 2 });
  expect(found.messages).toMatch(/UTF-8.*iconv/);
});

test("E4 half a surrogate pair is made well-formed and noted, and two different records never pass for one", async () => {
  const [high, other] = [`{"text":"\\ud83d"}`, `{"text":"\\ud83e"}`].map((data) => good(1).replace('"ok"', JSON.stringify(data).replaceAll("\\\\u", "\\u")));
  expect(high).not.toBe(other);
  const { summary, trace } = await pulled(`${high}\n${other?.replace("span_1", "span_2")}\n`);
  expect(summary).toMatchObject({ objects: 2, duplicates: 0, spans: 2, problems: [] });
  const { spans, notes } = await trace();
  expect(spans.map(({ tool }) => tool?.output?.isWellFormed())).toEqual([true, true]);
  expect(notes?.filter(({ code }) => code === "lone-surrogate")).toHaveLength(2);
  // Of one span, and equal but for which half it is: encoded carelessly both are the same bytes. The second is read, not passed over.
  const twice = await pulled(`${high}\n`);
  const again = await pulled({ "b.jsonl": `${other}\n` }, { cwd: twice.cwd });
  expect(again.summary).toMatchObject({ objects: 1, spans: 1, duplicates: 0 });
});

test("E5 byte order marks, CRLF, blank lines and a missing last newline do no harm; a last line cut off is a warning", async () => {
  const mark = "\ufeff";
  const { summary, trace } = await pulled(`${mark}${good(1)}\r\n\r\n\n${mark}${good(2)}\r\n  \n${good(3)}`);
  expect(summary.problems).toEqual([]);
  expect((await trace()).spans).toHaveLength(3);
  const cut = await pulled(`${good(1)}\n${good(2).slice(0, -30)}`);
  expect(cut.summary).toMatchObject({ spans: 1, problems: [{ code: "cut-line", where: { line: 2 } }] });
});

test.each(["NaN", "Infinity", "-Infinity"])("E6 a record with %s, as Python writes it, is refused by that name and with the way out", async (word) => {
  const found = await between(good(3).replace('"metadata":null', "").replace('"error":null', `"error":null,"metadata":{"score":${word}}`));
  expect(found).toMatchObject({ codes: ["not-a-number"], spans: 2 });
  expect(found.messages).toMatch(/NaN or Infinity.*allow_nan=False/);
  expect(await outputs(good(1, `the score is ${word}`))).toEqual([`the score is ${word}`]);
});

test("E7 integers beyond 2^53 keep every digit where they are text, and microseconds where they are not", async () => {
  const exact = otlpSpan({ big: { intValue: "9007199254740993" }, list: { arrayValue: { values: [{ intValue: "1795329774245123457" }] } } }, { startTimeUnixNano: "1795329774245123457" });
  const rough = JSON.stringify(otlp(otlpSpan({}, { spanId: "b7ad6b7169203332", startTimeUnixNano: 1 }))).replace('"startTimeUnixNano":1', '"startTimeUnixNano":1795329774245123457');
  const { spans } = await (await pulled(`${JSON.stringify(otlp(exact))}\n${rough}\n`)).trace();
  expect(spans[0]).toMatchObject({ started_at: "2026-11-22T06:42:54.245123457Z", data: { big: "9007199254740993", list: ["1795329774245123457"] } });
  expect(spans[1]?.started_at).toMatch(/^2026-11-22T06:42:54\.245123/);
});

test("E8 nesting is followed to a depth nobody means, refused beyond it, and never overflows, also inside text", async () => {
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const deep = (depth: number): string => good(3).replace('"error":null', `"error":null,"metadata":${nested(depth)}`);
  expect(await between(deep(400))).toMatchObject({ codes: [], spans: 3 });
  expect(await between(deep(6000))).toMatchObject({ codes: ["too-deep"], spans: 2 });
  expect(await between(deep(200_000))).toMatchObject({ codes: ["too-deep"], spans: 2 });
  const args = "[".repeat(20_000) + "]".repeat(20_000);
  const { trace, shown } = await pulled(lines(spanRecord("trace_1", "span_1", answered([{ role: "user", content: "hi" }], [called("lookup", args)])), spanRecord("trace_1", "span_2", ran("lookup", args, args))));
  expect((await trace()).spans).toHaveLength(2);
  expect((await shown()).steps.filter(({ kind }) => kind === "tool").length).toBeGreaterThan(0);
  expect(argumentsKey(args)).toBe(args);
});

test("E9 a member called __proto__ sets nothing and harms nobody, in records and in attributes", async () => {
  const hostile = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"kept":1}';
  const record = good(1).replace('"error":null', `"error":null,"metadata":${hostile}`).replace('"name":"lookup"', `"name":"lookup","__proto__":{"polluted":true},"extra":${hostile}`);
  const { trace } = await pulled(record);
  const [span] = (await trace()).spans;
  expect(span?.data).toMatchObject({ extra: { kept: 1 }, span_metadata: { kept: 1 } });
  expect(Object.hasOwn(span?.data?.["extra"] as object, "__proto__")).toBe(false);
  const cleaned = clean({ inner: JSON.parse(hostile) as unknown }, new Set()) as { inner: { polluted?: boolean } };
  expect([cleaned.inner.polluted, Object.getPrototypeOf(cleaned.inner)]).toEqual([undefined, Object.prototype]);
  const attributes = `[{"key":"__proto__","value":{"kvlistValue":{"values":[{"key":"__proto__","value":{"stringValue":"x"}}]}}},{"key":"kept","value":{"stringValue":"y"}},{"key":"odd","value":{"intValue":{"toString":1,"valueOf":2}}}]`;
  const document = JSON.stringify(otlp(otlpSpan({}))).replace('"attributes":[]', `"attributes":${attributes}`);
  expect((await (await pulled(document)).trace()).spans[0]?.data).toEqual({ kept: "y", odd: null });
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("E10 a record larger than any real one is skipped with a problem, and what stands beside it is read", async () => {
  const huge = Buffer.alloc(66 * 1024 * 1024, 0x61);
  huge.write('{"object":"trace.span","text":"');
  expect(await between(huge)).toMatchObject({ codes: ["line-too-long"], spans: 2 });
});

test("E11 records without a newline between them and pretty-printed arrays are read; archives and bombs are refused in words", async () => {
  expect(await outputs(`${good(1)}${good(2)} ${good(3)}`)).toHaveLength(3);
  expect(await outputs(JSON.stringify([good(1), good(2), good(3)].map((text) => JSON.parse(text) as unknown), null, 2))).toHaveLength(3);
  expect(await outputs(gzipSync(`[${good(1)},${good(2)}]`))).toHaveLength(2);
  for (const [magic, words] of [["PK\u0003\u0004", "zip"], ["PAR1", "Parquet"], [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), "zstd"], ["BZh9", "bzip2"], [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), "xz"]] as const) {
    const refused = await pulled({ "x.bin": Buffer.concat([Buffer.from(magic as string), Buffer.from("....")]) }, { code: 2 });
    expect(refused.ran.err).toContain(words);
  }
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, 0x20));
  const problems: string[] = [];
  for await (const chunk of unpacked(Readable.from([bomb]), "bomb", 1024 * 1024)) if ("problem" in chunk) problems.push(chunk.problem.code);
  expect(problems).toEqual(["gzip-bomb"]);
});

test("E12 control and escape characters of a trace never reach the terminal", async () => {
  const hostile = "\u001b]0;owned\u0007\u001b[2J\u0000\u009b31m\u202eevil\r";
  const { cwd } = await pulled({
    "a.jsonl": lines(
      traceRecord("trace_1", { workflow_name: `w${hostile}` }),
      spanRecord("trace_1", "span_1", answered([{ role: "user", content: `hi ${hostile}` }], [called(`t${hostile}`, hostile, "call_1"), message(`bye ${hostile}`)]), { error: { message: hostile } }),
      spanRecord("trace_1", "span_2", ran(`t${hostile}`, hostile, hostile), { parent_id: "span_1" }),
      spanRecord("trace_1", "span_3", { type: `k${hostile}`, name: hostile }),
    ),
  });
  for (const argv of [["ls"], ["show", "trace_1"], ["show", "trace_1", "--tree"], ["show", "trace_1", "--spans", "--unfold"], ["check"], ["dedup"], ["label", "--plain"], ["pull", join("nope", hostile)]]) {
    const { out, err } = await casebook(cwd, argv, { stdin: "q\n" });
    if (argv[0] === "label") expect(err).toContain("evil");
    expect([argv, (out + err).match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/g)]).toEqual([argv, null]);
  }
});
