import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unpacked } from "../../../src/adapters/files/bytes.ts";
import { globPattern } from "../../../src/adapters/files/glob.ts";
import { parseBytes, parseFramed } from "../../../src/adapters/files/parse.ts";
import { readRecords } from "../../../src/adapters/files/records.ts";
import { createSharedParse } from "../../../src/adapters/files/share.ts";
import { createSplitter } from "../../../src/adapters/files/split.ts";
import type { Problem } from "../../../src/core/base/problem.ts";
import { scratch } from "../../support/io.ts";

type Taken = { readonly values: unknown[]; readonly problems: Problem[] };

/** Bytes of one file as the reader takes them, in chunks of `size`. */
function take(data: string | Buffer, size = 7, cap = 1 << 20): Taken {
  const bytes = Buffer.from(data);
  const splitter = createSplitter(cap);
  const framed = [];
  for (let at = 0; at < bytes.length; at += size) framed.push(...splitter.push(bytes.subarray(at, at + size)));
  framed.push(...splitter.end());
  const parsed = framed.map((one) => parseFramed(one, "f"));
  return { values: parsed.flatMap(({ values }) => values), problems: parsed.flatMap(({ problems }) => problems) };
}
const codes = ({ problems }: Taken): string[] => problems.map(({ code }) => code);

test("U+2028 and U+2029 raw inside strings do not end a line", () => {
  const line = JSON.stringify({ a: "x\u2028y\u2029z" });
  expect(line).toContain("\u2028");
  expect(take(`${line}\n${line}\n`)).toEqual({ values: [JSON.parse(line), JSON.parse(line)], problems: [] });
});

test("UTF-8 sequences cut by the border of a chunk come out whole", () => {
  const line = JSON.stringify({ a: "äöü€😀".repeat(20) });
  for (let size = 1; size < 9; size += 1) expect(take(`${line}\n${line}`, size).values).toEqual([JSON.parse(line), JSON.parse(line)]);
});

test("bytes that are not UTF-8 are a problem, never a silent U+FFFD", () => {
  const bad = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc3]), Buffer.from('"}\n{"a":1}\n')]);
  const taken = take(bad);
  expect(taken.values).toEqual([{ a: 1 }]);
  expect(codes(taken)).toEqual(["bad-utf8"]);
});

test("a byte order mark at the start of the file or of a line is passed over, and so are CR, blank lines and a missing last newline", () => {
  expect(take('\ufeff{"a":1}\r\n\r\n   \n\ufeff{"a":2}\n\n{"a":3}')).toEqual({ values: [{ a: 1 }, { a: 2 }, { a: 3 }], problems: [] });
});

test("a last line that is cut off is named as such", () => {
  expect(take('{"a":1}\n{"a":"tor')).toMatchObject({ values: [{ a: 1 }], problems: [{ code: "cut-line", where: { file: "f", line: 2, byte: 8 } }] });
  expect(codes(take('{"a":1}\n{"a":[1,2'))).toEqual(["cut-line"]);
});

test("a comma after each record, as in an array without its brackets, is no trouble", () => {
  for (const text of ['{"a":1},\n{"a":2},\n', '{"a":1},\r\n {"a":2} ,\n', '{"a":1},{"a":2},\n', '{"a":1}, {"a":2}\n'] as const) expect(take(text)).toEqual({ values: [{ a: 1 }, { a: 2 }], problems: [] });
});

test.each([
  ["hello\nworld\n", ["not-json", "not-json"]],
  ["id,name\n1,a\n", ["not-json", "not-json"]],
  ["<!DOCTYPE html>\n<p>Sign in\n", ["web-page", "web-page"]],
  [Buffer.from('{"a":1}\n', "utf16le"), ["bad-utf8"]],
  [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01, 0xff, 0x00, 0x00, 0xfe]), ["not-text"]],
  ['{"a": nonsense}\n', ["bad-json"]],
] as const)("%j is named for what it is, with a remedy that fits", (data, wanted) => {
  const { values, problems } = take(typeof data === "string" ? data : Buffer.from(data));
  expect(values).toEqual([]);
  expect(problems.map(({ code }) => code).slice(0, wanted.length)).toEqual(wanted);
  if (wanted[0] !== "bad-json") for (const { remedy } of problems) expect(remedy).not.toMatch(/were read/);
});

test("an empty name, as an unset variable of the shell leaves it, is not this folder", () => {
  expect(() => readRecords([""], { cwd: scratch(), stdin: Readable.from([]) })).toThrow("name of a file is empty");
});

test("NaN and Infinity are named as what they are", () => {
  expect(codes(take('{"a":NaN}\n{"a":[1,-Infinity]}\n{"a":"NaN"}\n'))).toEqual(["not-a-number", "not-a-number"]);
});

test("Python's print(dict) is refused with the way out", () => {
  const taken = take("{'object': 'trace', 'id': None}\n");
  expect(codes(taken)).toEqual(["python-repr"]);
  expect(taken.problems[0]?.remedy).toContain("json.dumps");
});

test("nesting is followed to five hundred levels and no deeper, without a stack overflow", () => {
  const deep = (levels: number): string => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  expect(take(`${deep(400)}\n`).problems).toEqual([]);
  expect(codes(take(`${deep(600)}\n{"a":1}\n`, 100_000))).toEqual(["too-deep"]);
  expect(codes(take(`${deep(100_000)}\n{"a":1}\n`, 100_000))).toEqual(["too-deep"]);
});

test("a record longer than the cap is skipped with a problem, and the next one is read", () => {
  const taken = take(`{"a":"${"x".repeat(5_000_000)}"}\n{"a":1}\n`, 100_000, 4_500_000);
  expect(taken.values).toEqual([{ a: 1 }]);
  expect(codes(taken)).toEqual(["line-too-long"]);
});

test("a torn line in the middle costs that line only", () => {
  for (const torn of ['{"a":"tor', '{"a":1,"b":', '{"a":[{"b":1', '{"a', "{", '{"a":1,', "[1,2"]) {
    const taken = take(`{"n":1}\n${torn}\n{"n":2}\n{"n":3}\n`);
    expect([torn, taken.values]).toEqual([torn, [{ n: 1 }, { n: 2 }, { n: 3 }]]);
    expect(taken.problems).toHaveLength(1);
  }
});

test("objects written without a newline between them are read", () => {
  expect(take('{"a":1}{"a":2} {"a":3}\n{"a":4}').values).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }]);
  const long = `{"a":"${"y".repeat(999)}"}`.repeat(9000);
  expect(take(long, 65_536).values).toHaveLength(9000);
});

test("a pretty-printed document, an array of any layout, and an array of one line are read element by element", () => {
  const records = [{ object: "trace", id: "t" }, { object: "trace.span", id: "s", span_data: { list: [1, [2]], text: "]},{[" } }];
  for (const indent of [undefined, 0, 1, 2, "\t"]) {
    expect(take(JSON.stringify(records, null, indent))).toEqual({ values: records, problems: [] });
    expect(take(JSON.stringify({ data: records }, null, indent))).toEqual({ values: [{ data: records }], problems: [] });
  }
  expect(take(records.map((one) => JSON.stringify(one, null, 2)).join("\n")).values).toEqual(records);
  expect(take(`[\n${records.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`).values).toEqual(records);
});

test("a broken element of an array costs that element only", () => {
  const good = (n: number): string => JSON.stringify({ object: "trace", id: n, more: { object: { x: n } } }, null, 2);
  for (const joint of [",", ",\n"]) {
    const taken = take(`[${[good(1), '{"object": "trace", "id": 2, oops }', good(3), '{"object": NaN}', good(5)].join(joint)}]`);
    expect(taken.values.map((value) => (value as { id?: number }).id)).toEqual(expect.arrayContaining([1, 3, 5]));
    expect(taken.problems.length).toBeGreaterThanOrEqual(2);
  }
});

test("problems name the line and the byte", () => {
  const data = '{"a":1}\n\nnonsense\n{"a":\n 2}\n{bad}\n';
  expect(take(data).problems.map(({ where }) => [where.line, where.byte])).toEqual([[3, data.indexOf("nonsense")], [6, data.indexOf("{bad}")]]);
});

test("a key __proto__ is data and sets nothing", () => {
  const [value] = take('{"__proto__":{"polluted":true}}\n').values as [Record<string, unknown>];
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect((value as { polluted?: boolean }).polluted).toBeUndefined();
});

const objects = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });

test("whatever records are written, in whatever layout and chunks, they come back", () => {
  const layouts: ((values: readonly unknown[]) => string)[] = [
    (values) => values.map((value) => JSON.stringify(value)).join("\n"),
    (values) => values.map((value) => JSON.stringify(value)).join("\r\n\r\n"),
    (values) => values.map((value) => JSON.stringify(value)).join(""),
    (values) => values.map((value) => JSON.stringify(value, null, 2)).join("\n"),
    (values) => JSON.stringify(values),
    (values) => JSON.stringify(values, null, 2),
  ];
  fc.assert(
    fc.property(fc.array(objects, { minLength: 1, maxLength: 6 }), fc.constantFrom(...layouts), fc.integer({ min: 1, max: 64 }), (values, layout, size) => {
      const text = layout(values);
      expect(take(text, size)).toEqual({ values: values.map((value) => JSON.parse(JSON.stringify(value)) as unknown), problems: [] });
    }),
  );
});

test("random damage never crashes, never hangs, and never costs a whole line that it did not touch", () => {
  const lines = Array.from({ length: 8 }, (_, n) => JSON.stringify({ n, text: "näme\u2028", list: [{ n }], more: { deep: [n] } }));
  fc.assert(
    fc.property(fc.nat(7), fc.nat(60), fc.uint8Array({ maxLength: 12 }), fc.boolean(), fc.integer({ min: 1, max: 50 }), (line, place, noise, cut, size) => {
      const rows = lines.map((text) => Buffer.from(text));
      const row = rows[line] as Buffer;
      const at = Math.min(place, row.length);
      const calm = Buffer.from(noise.map((byte) => (byte === 10 ? 11 : byte)));
      rows[line] = Buffer.concat([row.subarray(0, at), calm, cut ? Buffer.alloc(0) : row.subarray(at)]);
      const taken = take(Buffer.concat(rows.flatMap((bytes) => [bytes, Buffer.from("\n")])), size);
      const kept = new Set(taken.values.map((value) => JSON.stringify(value)));
      // A line cut between two tokens may rightly swallow its successor: two halves make one value.
      const lost = lines.filter((text, n) => n !== line && n !== line + 1 && !kept.has(text));
      expect(lost).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("any bytes at all are read to the end", () => {
  // Whatever came before it, a record behind a blank line and an end of all that may be open is found.
  const last = '\n"]}"]}\n\n{"last":true}\n';
  const found = ({ values }: Taken): boolean => JSON.stringify(values).includes('{"last":true}');
  const sizes = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), sizes, (bytes, size) => found(take(Buffer.concat([bytes, Buffer.from(last)]), size))), { numRuns: 500 });
  const alphabet = fc.constantFrom(...'{}[]",:\\\n 1a'.split(""));
  fc.assert(fc.property(fc.array(alphabet, { maxLength: 200 }), sizes, (chars, size) => found(take(chars.join("") + last, size))), { numRuns: 1000 });
  expect(found(take(`[\u0000]${last}`))).toBe(true);
});

test("hostile structure is read in time that grows with its size", () => {
  for (const piece of ['{"a":[\n', '{"a":{\n', "[[[[\n", '{"a":"\n', "{\n", '[{"a":[', '{"a":1'])
    expect(take(piece.repeat(20_000), 65_536).values).toEqual([]);
});

test("the sharing parser gives exactly what JSON.parse gives, and the same objects for what was resent", () => {
  const item = fc.record({ role: fc.constantFrom("user", "assistant"), content: fc.string({ maxLength: 60 }), n: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })) });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(12), fc.array(fc.oneof(item, fc.integer(), fc.string()), { maxLength: 4 }), fc.boolean()), { maxLength: 14 }), fc.constantFrom("input", "_input"), (steps, name) => {
      const parse = createSharedParse();
      const histories: unknown[][] = [[], [], []];
      for (const [trace, keep, more, spaced] of steps) {
        histories[trace] = [...(histories[trace] as unknown[]).slice(0, keep), ...more];
        const record = { trace_id: `t${trace}`, pad: "p".repeat(2100), span_data: { type: "generation", [name]: histories[trace], output: [{ input: ["decoy"] }] } };
        const bytes = Buffer.from(spaced ? JSON.stringify(record, null, 1) : JSON.stringify(record));
        expect(parse(bytes)).toEqual(parseBytes(bytes));
      }
    }),
  );
  const parse = createSharedParse();
  const line = (input: unknown[]): Buffer => Buffer.from(JSON.stringify({ trace_id: "t", span_data: { input } }));
  const history = [{ role: "system", content: "s".repeat(3000) }, { role: "user", content: "hi" }];
  type Read = { span_data: { input: unknown[] } };
  const first = parse(line(history)) as Read;
  const second = parse(line([...history, { role: "user", content: "more" }])) as Read;
  expect(second.span_data.input.slice(0, 2).map((value, n) => value === first.span_data.input[n])).toEqual([true, true]);
});

async function read(cwd: string, args: readonly string[], stdin?: Buffer): Promise<Taken> {
  const values: unknown[] = [];
  const problems: Problem[] = [];
  for await (const batch of readRecords(args, { cwd, stdin: Readable.from(stdin === undefined ? [] : [stdin]) }).batches()) {
    problems.push(...batch.problems);
    for (const record of batch.records) {
      const parsed = record.parse();
      values.push(...parsed.values);
      problems.push(...parsed.problems);
    }
  }
  return { values, problems };
}

test("files, folders, globs, gzip of several members and stdin are read, each file once", async () => {
  const folder = scratch();
  mkdirSync(join(folder, "in/deep"), { recursive: true });
  mkdirSync(join(folder, "in/.hidden"));
  writeFileSync(join(folder, "in/a.jsonl"), '{"a":1}\n');
  writeFileSync(join(folder, "in/deep/b.json.gz"), Buffer.concat([gzipSync('{"a":2}\n'), gzipSync('{"a":3}\n')]));
  writeFileSync(join(folder, "in/deep/notes.txt"), "not a trace");
  writeFileSync(join(folder, "in/.hidden/c.jsonl"), '{"a":9}\n');
  expect((await read(folder, ["in", "in/a.jsonl", "in/**/*.gz"])).values).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  expect((await read(folder, ["in/*.{jsonl,json}"])).values).toEqual([{ a: 1 }]);
  expect((await read(folder, ["-"], gzipSync('{"a":4}'))).values).toEqual([{ a: 4 }]);
  expect((await read(folder, ["-"], Buffer.alloc(0))).values).toEqual([]);
});

test("a gzip that is cut off gives what it holds and a problem; one that blows up is stopped", async () => {
  const folder = scratch();
  const whole = gzipSync(Array.from({ length: 5000 }, (_, n) => JSON.stringify({ n, noise: Math.sin(n) })).join("\n"));
  writeFileSync(join(folder, "cut.gz"), whole.subarray(0, whole.length - 2000));
  const cut = await read(folder, ["cut.gz"]);
  expect(cut.values.length).toBeGreaterThan(1000);
  expect(codes(cut)).toContain("bad-gzip");
  const bomb = gzipSync(Buffer.alloc(4_000_000, " "), { level: 9 });
  const chunks = [];
  for await (const chunk of unpacked(Readable.from([bomb]), "bomb.gz", 1_000_000)) chunks.push("problem" in chunk ? chunk.problem.code : chunk.bytes.length);
  expect(chunks.at(-1)).toBe("gzip-bomb");
  expect(chunks.length).toBeLessThan(4);
});

test.each([
  ["*.jsonl", "a.jsonl", true],
  ["*.jsonl", "x/a.jsonl", false],
  ["**/*.jsonl", "a.jsonl", true],
  ["**/*.jsonl", "x/y/a.jsonl", true],
  ["a?c.[jk]son", "abc.kson", true],
  ["[!a]*", "abc", false],
  ["{a,b}.json", "b.json", true],
  ["a.json", "axjson", false],
  ["(a+b)$.json", "(a+b)$.json", true],
])("glob %s against %s: %s", (glob, path, wanted) => {
  expect(globPattern(glob).test(path)).toBe(wanted);
});
