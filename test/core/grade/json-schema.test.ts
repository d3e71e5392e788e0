import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import type { Json } from "../../../src/core/base/json.ts";
import { validateJson } from "../../../src/core/grade/json-schema.ts";

test.each<[kind: string, schema: Json, value: Json]>([
  ["valid", true, 1],
  ["invalid", false, 1],
  ["valid", { type: "object", properties: { a: { type: "integer", minimum: 1 } }, required: ["a"], additionalProperties: false }, { a: 1 }],
  ["invalid", { type: "object", properties: { a: { type: "integer" } }, additionalProperties: false }, { a: 1, b: 2 }],
  ["valid", { properties: { a: { type: "string" } } }, [1]],
  ["invalid", { minimum: 3 }, 2],
  ["valid", { minimum: 3 }, "2"],
  ["invalid", { required: ["a"] }, {}],
  ["invalid", { required: ["__proto__"] }, {}],
  ["valid", { const: { a: 1, b: [2] } }, { b: [2], a: 1 }],
  ["valid", { enum: [{ a: 1 }] }, { a: 1 }],
  ["invalid", { minLength: 2 }, "😀"],
  ["invalid", { uniqueItems: true }, [{ a: 1, b: 1 }, { b: 1, a: 1 }]],
  ["invalid", { prefixItems: [{ type: "string" }], items: { type: "number" } }, ["a", "b"]],
  ["valid", { prefixItems: [{ type: "string" }], items: false }, ["a"]],
  ["invalid", { contains: { type: "string" } }, [1]],
  ["valid", { $ref: "#/$defs/x", $defs: { x: { type: "string" } } }, "s"],
  ["invalid", { $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "string" } } }, 1],
  ["invalid", { oneOf: [{ type: "integer" }, { type: "number" }] }, 2],
  ["valid", { oneOf: [{ type: "integer" }, { type: "string" }] }, 2],
  ["invalid", { not: { type: "string" } }, "s"],
  ["invalid", { patternProperties: { "^a": { type: "string" } }, additionalProperties: false }, { ab: 1 }],
  ["invalid", { patternProperties: { "^a": { type: "string" } }, additionalProperties: false }, { b: 1 }],
  ["invalid", { dependentRequired: { a: ["b"] } }, { a: 1 }],
  ["valid", { multipleOf: 0.1 }, 0.3],
  ["invalid", { pattern: "^(a+)+$" }, `${"a".repeat(50_000)}!`],
  ["unsupported", { pattern: "(?=x)" }, "x"],
  ["unsupported", { format: "date" }, "2026-01-01"],
  ["unsupported", { if: { type: "string" }, else: { minLength: 3 } }, "a"],
  ["unsupported", { type: "object", properties: { a: { bogus: 1 } } }, { a: 1 }],
  ["unsupported", { anyOf: [{ type: "number" }, { bogus: 1 }] }, 1],
  ["unsupported", { minimum: "3" }, 2],
  ["unsupported", { $ref: "https://elsewhere.test/schema" }, 1],
  ["unsupported", { $ref: "#" }, 1],
  ["unsupported", { allOf: [{ $ref: "#" }, { $ref: "#" }] }, 1],
])("%s: %j of %j", (kind, schema, value) => {
  expect(validateJson(schema, value).kind).toBe(kind);
});

test("it agrees with zod on the schemas that zod itself writes", () => {
  const shape = z.object({ a: z.int().min(1).max(3), b: z.array(z.string().min(1)).max(2).optional(), c: z.union([z.null(), z.enum(["x", "y"])]) });
  const schema = z.toJSONSchema(shape, { io: "input" }) as Json;
  const value = fc.record(
    { a: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant("1")), b: fc.array(fc.constantFrom("", "z"), { maxLength: 3 }), c: fc.constantFrom(null, "x", "q") },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(value, (one) => {
      expect(validateJson(schema, one as Json).kind).toBe(shape.safeParse(one).success ? "valid" : "invalid");
    }),
  );
});
