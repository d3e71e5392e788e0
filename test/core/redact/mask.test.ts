import { expect, test } from "vitest";
import { applyMasks } from "../../../src/core/redact/mask.ts";
import { auditOf } from "../../../src/core/redact/audit.ts";
import { defaultPolicy, policyTable, readPolicy, actionOf } from "../../../src/core/redact/policy.ts";
import { redactor, said, spanOf, traceOf } from "./support.ts";

test("a place that a person masked holds its token, and the value is masked in the rest of the trace, too", () => {
  const one = redactor();
  const trace = traceOf([said("user", "code name Rosebud-11 it is"), said("assistant", "Rosebud-11 noted")]);
  const token = one.tokenOf("CODENAME", "Rosebud-11");
  const mask = { path: "/messages/0/parts/0/text", start: 10, end: 20, kind: "CODENAME", token };
  const masked = applyMasks(trace, [mask], (kind, value) => one.tokenOf(kind, value));
  expect(masked.applied).toBe(1);
  expect(JSON.stringify(one.redactTrace(masked.trace).trace)).not.toContain("Rosebud");
  expect(applyMasks(masked.trace, [mask], (kind, value) => one.tokenOf(kind, value)).applied).toBe(0);
});

test.each(["/nothing/here", "/messages/9/parts/0/text", "/__proto__/x", "/messages", ""])("a mask whose place is gone (%s) is left", (path) => {
  const trace = traceOf([said("user", "hello")]);
  expect(applyMasks(trace, [{ path, start: 0, end: 5, kind: "NAME", token: "[NAME:x]" }], () => "[NAME:x]")).toEqual({ trace, applied: 0 });
});

test("k is the size of the smallest group of traces that share their quasi-identifiers", () => {
  const at = (group: string, token: string) => ({ kind: "ZIP", tier: "certain" as const, rule: "postcode", token, group });
  expect(auditOf([at("a", "1"), at("b", "1"), at("c", "1"), at("d", "2"), at("e", "2")]).quasi).toEqual({ kinds: ["ZIP"], traces: 5, alone: 0, k: 2 });
  expect(auditOf([at("a", "1"), at("b", "2"), at("c", "2")]).quasi).toMatchObject({ alone: 1, k: 1 });
  expect(auditOf([]).quasi).toEqual({ kinds: [], traces: 0, alone: 0, k: null });
});

test("the matrix denies by default, and the most exact line wins", () => {
  expect(actionOf(defaultPolicy, "function", "brand_new")).toBe("drop");
  expect(actionOf(defaultPolicy, "function", "model.name")).toBe("drop");
  const policy = readPolicy({ fields: { "*.data": "drop", "custom.data": "scan", "trace.*": "token" } }, "test");
  expect([actionOf(policy, "agent", "data"), actionOf(policy, "custom", "data"), actionOf(policy, "trace", "tags")]).toEqual(["drop", "scan", "token"]);
  const rows = policyTable(policy);
  expect(rows.filter(({ changed }) => changed).map(({ span, field }) => `${span}.${field}`)).toContain("agent.data");
  expect(rows.at(-1)).toEqual({ span: "*", field: "(any other)", action: "drop", changed: false });
});

test("what a policy keeps, drops or names whole", () => {
  const trace = traceOf([said("user", "mia@corp.io")], { metadata: { a: "mia@corp.io" }, tags: ["mia@corp.io"], spans: [spanOf({ data: { a: "mia@corp.io" }, name: "mia@corp.io" })] });
  const { trace: out, findings } = redactor({ fields: { "trace.metadata": "drop", "trace.tags": "keep", "custom.data": "token", "custom.name": "drop" } }).redactTrace(trace);
  expect(out.metadata).toEqual({});
  expect(out.tags).toEqual(["mia@corp.io"]);
  expect(out.spans[0]?.data).toEqual({ value: expect.stringMatching(/^\[VALUE:/) });
  expect(out.spans[0]?.name).toBe("[DROPPED]");
  expect(findings.map(({ path }) => path)).toEqual(["/messages/0/parts/0/text"]);
  expect(redactor({ fields: { "custom.data": "token" } }).redactTrace(out).trace.spans[0]?.data).toEqual(out.spans[0]?.data);
});

test("only the tiers that the policy says are masked; the others are listed", () => {
  const { trace, findings } = redactor({ mask: ["certain"] }).redactTrace(traceOf([said("user", "gift_card_6941833 of mia@corp.io")]));
  expect(JSON.stringify(trace)).toContain("gift_card_6941833");
  expect(findings.map(({ tier }) => tier).sort()).toEqual(["certain", "likely"]);
});

test("a number that stands for another one is known again by its key", () => {
  const trace = traceOf([], { metadata: { phone: 4155550123 } });
  const once = redactor().redactTrace(trace).trace;
  expect(once.metadata).not.toEqual(trace.metadata);
  expect(redactor().redactTrace(once).trace).toEqual(once);
});

test("your own member names, and one made harmless", () => {
  const trace = traceOf([], { metadata: { seat_ref: "Blue Sky 12", token: "zq9RT55xKK21mm04" } });
  const { trace: out } = redactor({ keys: { seat_ref: "SEAT", token: "keep" } }).redactTrace(trace);
  expect(out.metadata).toMatchObject({ seat_ref: expect.stringMatching(/^\[SEAT:/) });
});
