import { expect, test } from "vitest";
import { traceFormat, type Trace } from "../../../src/core/trace/schema.ts";
import { clean, filtered, redactor, said, secret, spanOf, traceOf } from "./support.ts";

const email = "mia.okafor@corp-mail.com";
const key = secret("sk-", "proj-", "a1B2c3D4e5F6g7H8i9J0k1L2");
const text = (trace: Trace): string => JSON.stringify(redactor().redactTrace(trace).trace);
const user = (...texts: readonly string[]): Trace => traceOf([said("user", ...texts)]);
const wrap = (value: string, times: number): string => (times === 0 ? value : wrap(JSON.stringify({ a: value }), times - 1));

test.each([1, 2, 3, 5])("JSON-escaped arguments, %i levels of JSON in JSON: masked, and still JSON at every level", (levels) => {
  const out = clean(wrap(`line\n"${email}"`, levels));
  expect(out).not.toContain("okafor");
  let value: unknown = out;
  for (let i = 0; i < levels; i += 1) value = (JSON.parse(value as string) as { a: unknown }).a;
  expect(value).toMatch(/^line\n"\[EMAIL:[a-z2-7]{16}\]"$/);
});

test("a leaf scanned alone keeps its member's name", () => {
  expect(JSON.parse(clean('{"db":{"password":"swordfish"}}'))).toEqual({ db: { password: expect.stringMatching(/^\[PASSWORD:/) } });
  expect(clean('{"passport":"X1234567"}')).not.toContain("X1234567");
});

test("a sibling names the value: {name: password, value}", () => {
  const out = JSON.parse(clean('[{"name":"password","value":"swordfish"},{"name":"colour","value":"green"}]')) as { value: string }[];
  expect(out.map(({ value }) => value)).toEqual([expect.stringMatching(/^\[PASSWORD:/), "green"]);
  expect(clean('setProperty("API_TOKEN", "zq9RT55xKK21mm04")')).not.toContain("zq9RT55x");
});

test("keys that carry data are masked, each to a key of its own", () => {
  const out = JSON.parse(clean(`{"${email}":1,"bob@corp-mail.com":2,"payment_methods":{"credit_card_4421486":{"id":"credit_card_4421486"}}}`, { style: "type" })) as object;
  expect(Object.keys(out)).toHaveLength(3);
  expect(JSON.stringify(out)).not.toMatch(/okafor|bob@|4421486/);
});

test("the same value in other spans, in replayed history and in errors of ancestors", () => {
  const trace = traceOf([said("user", "hello"), said("user", "I am Zyxandra")], {
    spans: [
      spanOf({ id: "span_1", kind: "function", tool: { name: "find", output: '{"first_name":"Zyxandra","user_id":"zyx_9912"}' } }),
      spanOf({ id: "span_2", parent_id: "span_1", kind: "agent", error: { message: "failed for zyx_9912", data: { input: "Zyxandra said no" } } }),
    ],
  });
  expect(text(trace)).not.toMatch(/zyx/i);
});

test("derived forms: case, spacing, first name alone, user names made of names, dates and phones written otherwise", () => {
  const record = '{"first_name":"Amara","last_name":"Okafor","dob":"1990-04-05","phone":"+1 (415) 555-0123"}';
  const [, said] = filtered([record, "AMARA OKAFOR, amara_okafor_77, Amara's, Okafor, Amara, April 5, 1990 and 5 April 1990, 4155550123, 415.555.0123"]);
  expect(said?.text).not.toMatch(/amara|okafor|1990|0123/i);
});

test("a value a user types once and never again", () => {
  expect(clean("My name is Zyxandra Quibble and my zip code is 19122")).not.toMatch(/Zyx|Quibble|19122/);
});

const encodings: readonly (readonly [string, (value: string) => string])[] = [
  ["base64", (value) => Buffer.from(`user=${value};`).toString("base64")],
  ["base64url", (value) => Buffer.from(`user=${value};`).toString("base64url")],
  ["hex", (value) => Buffer.from(value).toString("hex")],
  ["spaced hex", (value) => Buffer.from(value).toString("hex").match(/../g)?.join(" ") ?? ""],
  ["percent", (value) => encodeURIComponent(value)],
  ["percent of everything", (value) => [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")],
  ["JSON escapes", (value) => Array.from(value, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")],
  ["Python escapes", (value) => Array.from(value, (char) => `\\x${char.charCodeAt(0).toString(16)}`).join("")],
  ["HTML entities", (value) => Array.from(value, (char) => `&#${char.charCodeAt(0)};`).join("")],
  ["HTML hex entities", (value) => value.replaceAll("@", "&#x40;").replaceAll(".", "&period;")],
  ["quoted-printable", (value) => value.replaceAll("@", "=40").replaceAll(".", "=2E")],
  ["zero-width", (value) => Array.from(value).join("\u200b")],
  ["full width", (value) => Array.from(value, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join("")],
  ["homoglyphs", (value) => value.replaceAll("o", "\u043e").replaceAll("a", "\u0430")],
  ["bidi controls", (value) => `\u202e${value}\u202c`.replace("@", "\u2066@\u2069")],
  ["base64 of base64", (value) => Buffer.from(Buffer.from(value).toString("base64")).toString("base64")],
];
test.each(encodings)("an e-mail address in %s", (_, encode) => {
  const hidden = encode(email);
  const out = clean(`look: ${hidden} :end`);
  expect(out).not.toContain(hidden);
  expect(out).toMatch(/^look: .*\[\w+:[a-z2-7]{16}\].* :end$/);
  const json = clean(JSON.stringify({ data: `x ${hidden} y` }));
  expect(json).not.toContain(JSON.stringify(hidden).slice(1, -1));
  expect(() => JSON.parse(json) as unknown).not.toThrow();
});

test("a harvested value comes back encoded", () => {
  const [, out] = filtered(['{"user_id":"zyx_9912_abc"}', `blob ${Buffer.from("id=zyx_9912_abc&x=1").toString("base64")} end`]);
  expect(out?.text).toMatch(/^blob \[USER_ID:[a-z2-7]{16}\] end$/);
});

test("values split over parts of a message and over deltas", () => {
  const trace = user("my key is ", key.slice(0, 12), key.slice(12), " ok");
  const parts = redactor().redactTrace(trace).trace.messages[0]?.parts ?? [];
  expect(parts.map((part) => (part.type === "text" ? part.text : "")).join("|")).toMatch(/^my key is \|\[SECRET:[a-z2-7]{16}\]\|\| ok$/);
  const deltas = clean(JSON.stringify([{ delta: email.slice(0, 7) }, { delta: email.slice(7) }]));
  expect(deltas).not.toContain("okafor");
  expect(deltas).not.toContain("corp-mail");
});

test("a field cut in the middle of a secret, and in the middle of JSON", () => {
  const [, cut] = filtered([JSON.stringify({ api_key: "zq9RT55xKK21mm04" }), `${"It went on and on. ".repeat(9)}the key zq9RT55xKK`]);
  expect(cut?.text).not.toContain("zq9RT55x");
  const json = JSON.stringify({ note: "x".repeat(50), customer: { email, password: "swordfish-4711" } });
  expect(clean(json.slice(0, -10))).not.toMatch(/okafor|swordf/);
  expect(clean(`${"y ".repeat(40)}${secret("gh", "p_")}a1B2c3... [truncated]`)).not.toContain("a1B2c3");
});

test("stack traces, home directories and Authorization headers in errors", () => {
  const trace = traceOf([], {
    spans: [
      spanOf({
        error: {
          message: "Error: 401\n    at call (/Users/okafor/app/client.ts:10:3)",
          data: { config: { headers: { Authorization: "Bearer abcDEF123456ghiJKL" }, url: "https://svc:hUnter2@api.io/v1" } },
        },
      }),
    ],
  });
  const out = text(trace);
  expect(out).not.toMatch(/okafor|abcDEF|hUnter2/);
  expect(out).toContain("client.ts:10:3");
});

test("metadata, group_id, user_id, workflow and span names, tags, MCP URLs", () => {
  const trace = traceOf([], {
    workflow_name: `Support for ${email}`,
    group_id: email,
    user_id: "amara",
    tags: [email],
    metadata: { owner: email, [email]: true },
    notes: [{ code: "x", detail: email }],
    spans: [
      spanOf({ kind: "mcp_tools", name: `mcp ${email}`, mcp: { server: "https://svc:hUnter2@mcp.io/sse?api_key=zq9RT55xKK21mm04" } }),
      spanOf({ id: "span_2", kind: "custom", data: { [email]: [email] } }),
    ],
  });
  expect(text(trace)).not.toMatch(/okafor|amara|hUnter2|zq9RT55x/);
});

test("ids: kept when a machine made them, renamed alike everywhere when somebody's data is in them", () => {
  const trace = traceOf([{ role: "assistant", parts: [{ type: "tool_call", call_id: email, name: "f", arguments: "{}" }] }, { role: "tool", parts: [{ type: "tool_result", call_id: email, output: "ok" }] }], {
    spans: [spanOf({ id: "span_0123456789abcdef01234567", kind: "function", tool: { name: "f", call_id: email } })],
  });
  const { trace: out } = redactor().redactTrace(trace);
  expect(out.id).toBe(trace.id);
  expect(out.spans[0]?.id).toBe("span_0123456789abcdef01234567");
  const ids = [out.messages[0]?.parts[0], out.messages[1]?.parts[0]].map((part) => (part !== undefined && "call_id" in part ? part.call_id : undefined));
  expect(new Set([...ids, out.spans[0]?.tool?.call_id])).toEqual(new Set([expect.stringMatching(/^call_[0-9a-f]{32}$/)]));
});

test.each([
  ["an e-mail", email],
  ["hex of text", Buffer.from(email).toString("hex").slice(0, 32)],
  ["base64 of text", Buffer.from("mia okafor 1990 x").toString("base64").replaceAll("=", "")],
  ["a vendor's token", secret("gh", "p_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8")],
  ["a card", "4111111111111111"],
  ["a name", "mia-okafor"],
])("an id that is %s is renamed", (_, id) => {
  const safe = redactor().safeId(id, "span_");
  expect(safe).toMatch(/^span_[0-9a-f]{32}$/);
  expect(redactor().safeId(safe, "span_")).toBe(safe);
});

test("data URLs, audio and files: one finding, whatever they hold; digests become keyed", () => {
  const url = `data:image/png;base64,${Buffer.from(`${"\u0000\u0001".repeat(40)}${email}`).toString("base64")}`;
  const [out] = filtered([`see ${url} there`]);
  expect(out?.text).toMatch(/^see \[BINARY:[a-z2-7]{16}\] there$/);
  expect(out?.findings).toHaveLength(1);
  const digest = "a".repeat(64);
  const trace = traceOf([{ role: "user", parts: [{ type: "binary", media: "image", bytes: 3, digest }] }]);
  const part = redactor().redactTrace(trace).trace.messages[0]?.parts[0];
  expect(part).toEqual({ type: "binary", media: "image", bytes: 3, digest: expect.stringMatching(/^hmac-[0-9a-f]{32}$/) });
});

test("tracing keys, log probabilities, encrypted reasoning and embeddings never come through", () => {
  const data = { tracing_api_key: "zq9", logprobs: [0.5], a: { encrypted_content: "gAAAA", embedding: [0.25, 1] }, kept: 1 };
  const out = redactor().redactTrace(traceOf([], { spans: [spanOf({ data })] })).trace;
  expect(out.spans[0]?.data).toEqual({ tracing_api_key: null, logprobs: null, a: { encrypted_content: null, embedding: null }, kept: 1 });
  expect(JSON.parse(clean(JSON.stringify(data)))).toEqual(out.spans[0]?.data);
});

test("replacement keeps types: numbers, ISO dates, booleans, null", () => {
  const out = JSON.parse(clean('{"phone":4155550123,"dob":"1990-04-05","email":"a@b.io","vip":true,"n":null,"price":12.5}')) as Record<string, unknown>;
  expect(out).toEqual({ phone: expect.any(Number), dob: expect.stringMatching(/^1[78]\d\d-\d\d-\d\d$/), email: expect.stringMatching(/^\[EMAIL:/), vip: true, n: null, price: 12.5 });
  expect(Number.isSafeInteger(out["phone"])).toBe(true);
});

test("tokens hold 60 bits and more, so that ten thousand values have ten thousand tokens", () => {
  const tokens = new Set(Array.from({ length: 10_000 }, (_, i) => redactorOnce.tokenOf("EMAIL", `user${i}@corp.io`)));
  expect(tokens.size).toBe(10_000);
  expect([...tokens][0]).toMatch(/^\[EMAIL:[a-z2-7]{16}\]$/);
});
const redactorOnce = redactor();

test("hashes are keyed: another key, other tokens", async () => {
  const { createRedactor } = await import("../../../src/core/redact/create.ts");
  const { defaultPolicy } = await import("../../../src/core/redact/policy.ts");
  const other = createRedactor({ policy: defaultPolicy, key: new Uint8Array(32).fill(8), keyId: "other" });
  expect(other.redactText(email).text).not.toBe(redactorOnce.redactText(email).text);
  expect(other.stamp.key).toBe("other");
});

test("text that looks like our placeholder is not trusted", () => {
  const forged = "[EMAIL:abcdefghijklmnop]";
  expect(clean(`a ${forged} b`)).toMatch(/^a \[PLACEHOLDER:[a-z2-7]{16}\] b$/);
  expect(clean(`[EMAIL:${email}]`)).not.toContain("okafor");
  expect(clean("[SECRET]hunter2Xq password=hunter2Xq")).not.toContain("hunter2Xq");
});

test("surrogates come from ranges that belong to nobody", () => {
  const out = clean(`I am Amara Okafor, ${email}, (415) 867-5309, card 4012888888881881, from 81.2.69.142`, { style: "surrogate" });
  expect(out).toMatch(/@example\.com/);
  expect(out).toMatch(/\+1-\d{3}-555-01\d\d/);
  expect(out).toMatch(/203\.0\.113\.\d+/);
  expect(out).not.toMatch(/Amara|Okafor|867-5309|4012888888881881/);
  expect(clean(out, { style: "surrogate" })).toBe(out);
});

test("what was masked in an earlier pull is masked again in new spans, though no raw value was kept", () => {
  const first = redactor().redactTrace(user('My details: {"user_id":"zyx_9912_abc"} Zyxandra', `{"first_name":"Zyxandra","email":"${email}"}`)).trace;
  const joined: Trace = { ...first, messages: [...first.messages, said("assistant", `Hello Zyxandra, zyx_9912_abc, we wrote to ${email.toUpperCase()}.`)] };
  const out = JSON.stringify(redactor().redactTrace(joined).trace);
  expect(out).not.toMatch(/zyx|okafor/i);
});

test("text typed by an annotator is masked by the tokens of its trace", () => {
  const once = redactor();
  const token = once.tokenOf("USER_ID", "zyx_9912_abc");
  expect(once.redactText("agent ignored zyx_9912_abc", [token]).text).toBe(`agent ignored ${token}`);
});

test("findings never hold a value, and point at their token", () => {
  const { trace, findings } = redactor().redactTrace(traceOf([said("user", `I am Amara, ${email}`)], { metadata: { a: { b: [`mail "${email}" now`] }, [email]: 1 } }));
  expect(JSON.stringify(findings)).not.toMatch(/amara|okafor/i);
  for (const { path, start, end, token } of findings) {
    const steps = path.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const value = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], trace);
    const at = typeof value === "string" ? value : (steps.at(-1) ?? "");
    expect(at.slice(start, end)).toBe(token);
  }
});

test("policy drift shows: another policy, another hash in the stamp", () => {
  expect(redactor().stamp.policy).not.toBe(redactor({ ignore: ["IP"] }).stamp.policy);
  expect(redactor().stamp.policy).toBe(redactor().stamp.policy);
});

test("calls in calls that are never closed are read as prose, in room that grows with their length", () => {
  const before = process.memoryUsage().heapTotal;
  expect(clean(`${'walks("'.repeat(60_000)} ${email}`)).not.toContain(email);
  expect(process.memoryUsage().heapTotal - before).toBeLessThan(500e6);
});

test("depth limits fail closed", () => {
  const deepText = `${"[".repeat(5000)}"${email}"${"]".repeat(5000)}`;
  expect(clean(deepText)).toBe('"[DROPPED]"');
  expect(clean(wrap(email, 12))).not.toContain("okafor");
  let value: unknown = email;
  for (let i = 0; i < 150; i += 1) value = [value];
  expect(text(traceOf([], { spans: [spanOf({ data: { value: value as never } })] }))).not.toContain("okafor");
});

test("__proto__, duplicate keys, 1e400, lone surrogates and a BOM come through unharmed and masked", () => {
  const out = clean(`\ufeff{"__proto__":{"email":"${email}"},"a":1,"a":"${email}","n":1e400,"s":"\\ud83d ${email}"}`);
  expect(out).not.toContain("okafor");
  expect(out).toMatch(/^\ufeff\{"__proto__":.*"a":1,"a":.*"n":1e400,"s":"\\ud83d /);
  expect(({} as { email?: string }).email).toBeUndefined();
});

test("Python's repr is read as data", () => {
  const out = clean(`Customer(name='Zyxandra Quibble', email='${email}', dob=datetime.date(1990, 4, 5), tags=['x'], active=True)`);
  expect(out).not.toMatch(/Zyx|okafor|1990/);
  expect(clean(`{'password': 'sword"fish-1', 'n': None}`)).toMatch(/^\{'password': '\[PASSWORD:[a-z2-7]{16}\]', 'n': None\}$/);
});

test("members an SDK adds later do not come through", () => {
  const span = { ...spanOf({ kind: "custom" }), brand_new: email } as never;
  const out = redactor().redactTrace(traceOf([], { spans: [span] })).trace;
  expect(traceFormat.read(out, "test").spans[0]).toEqual({ id: "span_1", parent_id: null, kind: "custom" });
});
