import { createFilter, type Filtered } from "../../../src/core/redact/filter.ts";
import { createRedactor } from "../../../src/core/redact/create.ts";
import { loadNames } from "../../../src/core/redact/detect/names.ts";
import { readPolicy } from "../../../src/core/redact/policy.ts";
import type { Redactor } from "../../../src/core/redact/redactor.ts";
import type { Message, Span, Trace } from "../../../src/core/trace/schema.ts";

const key = new Uint8Array(32).fill(7);
const given = (policy: unknown) => ({ policy: readPolicy(policy, "test"), key, keyId: "test", names: loadNames() });

/** A redactor with a fixed key. */
export const redactor = (policy: unknown = {}): Redactor => createRedactor(given(policy));

/** Groups of texts, each group a trace, looked at together. */
export const filteredTogether = (groups: readonly (readonly string[])[], policy: unknown = {}): readonly (readonly Filtered[])[] => createFilter(given(policy))(groups);

/** Texts that are one trace, through a filter of their own. */
export const filtered = (texts: readonly string[], policy: unknown = {}): readonly Filtered[] => filteredTogether([texts], policy)[0] ?? [];

/** One text redacted. */
export const clean = (text: string, policy: unknown = {}): string => filtered([text], policy)[0]?.text ?? "";

/** `KIND value` of what is masked in a text, in order. */
export function masked(text: string): string[] {
  return (filtered([text])[0]?.findings ?? []).filter(({ tier }) => tier !== "suspect").map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
}

/** A trace of messages and spans. */
export const traceOf = (messages: readonly Message[], more: Partial<Trace> = {}): Trace => ({
  schema: "casebook/trace@1",
  id: "trace_0123456789abcdef0123456789abcdef",
  source: { kind: "native" },
  recorded: true,
  messages: [...messages],
  tools: [],
  spans: [],
  ...more,
});

export const said = (role: Message["role"], ...texts: readonly string[]): Message => ({ role, parts: texts.map((text) => ({ type: "text", text })) });
export const spanOf = (span: Partial<Span>): Span => ({ id: "span_1", parent_id: null, kind: "custom", ...span });

/** Secrets are put together here, so that no scanner takes this file for a leak. */
export const secret = (...parts: readonly string[]): string => parts.join("");
