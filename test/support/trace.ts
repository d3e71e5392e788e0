import { canonicalJson } from "../../src/core/base/json.ts";
import type { Message, ModelCall, Part, Span, Trace } from "../../src/core/trace/schema.ts";

/** A short way to write traces in tests: spans as they nest, messages where they are said. */

type LooseModel = Omit<Partial<ModelCall>, "input" | "output" | "instructions" | "tools"> & {
  readonly instructions?: string;
  readonly input?: readonly Message[];
  readonly output?: readonly Message[];
  readonly tools?: readonly string[];
};
export type LooseSpan = Omit<Partial<Span>, "model" | "kind"> & {
  readonly kind: Span["kind"];
  readonly model?: LooseModel;
  readonly inside?: readonly LooseSpan[];
};

export const user = (text: string): Message => ({ role: "user", parts: [{ type: "text", text }] });
export const says = (text: string): Message => ({ role: "assistant", parts: [{ type: "text", text }] });
export const calls = (name: string, args: string, call_id?: string): Message => ({
  role: "assistant",
  parts: [{ type: "tool_call", name, arguments: args, ...(call_id === undefined ? {} : { call_id }) }],
});
export const gives = (output: string, call_id?: string): Message => ({
  role: "tool",
  parts: [{ type: "tool_result", output, ...(call_id === undefined ? {} : { call_id }) }],
});
export const message = (role: Message["role"], ...parts: Part[]): Message => ({ role, parts });

/** A model call: what it was given, what it said. */
export const model = (input: readonly Message[], output: readonly Message[], more: Partial<LooseSpan> & { model?: LooseModel } = {}): LooseSpan => ({
  kind: "response",
  ...more,
  model: { api: "responses", input, output, ...more.model },
});
export const tool = (name: string, args: string | undefined, output: string | undefined, more: Partial<LooseSpan> = {}): LooseSpan => ({
  kind: "function",
  ...more,
  tool: { name, ...(args === undefined ? {} : { arguments: args }), ...(output === undefined ? {} : { output }), ...more.tool },
});
export const agent = (name: string, inside: readonly LooseSpan[], more: Partial<LooseSpan> = {}): LooseSpan => ({
  kind: "agent",
  ...more,
  agent: { name },
  inside,
});
export const turn = (inside: readonly LooseSpan[], more: Partial<LooseSpan> = {}): LooseSpan => ({ kind: "turn", inside, ...more });
export const task = (inside: readonly LooseSpan[], more: Partial<LooseSpan> = {}): LooseSpan => ({ kind: "task", inside, ...more });

/** The trace of these root spans. Ids are `s1`, `s2`, … in pre-order unless given; every span takes one second. */
export function traceOf(roots: readonly LooseSpan[], more: Partial<Trace> = {}): Trace {
  const messages: Message[] = [];
  const tools: Trace["tools"] = [];
  const pool = new Map<string, number>();
  const put = <T>(list: T[], item: T, kind: string): number => {
    const key = kind + canonicalJson(item);
    const known = pool.get(key);
    if (known !== undefined) return known;
    pool.set(key, list.length);
    return list.push(item) - 1;
  };
  const spans: Span[] = [];
  let clock = 0;
  const now = (): string => `2026-01-01T00:${String(Math.floor(clock / 60)).padStart(2, "0")}:${String(clock++ % 60).padStart(2, "0")}.000000000Z`;
  const add = ({ inside = [], model: loose, ...rest }: LooseSpan, parent_id: string | null): void => {
    const span: Span = { id: `s${spans.length + 1}`, parent_id, started_at: now(), ...rest };
    if (loose !== undefined) {
      const { instructions, input, output, tools: offered, ...other } = loose;
      span.model = {
        api: "responses",
        ...other,
        ...(instructions === undefined ? {} : { instructions: put(messages, message("system", { type: "text", text: instructions }), "m") }),
        ...(input === undefined ? {} : { input: input.map((one) => put(messages, one, "m")) }),
        ...(output === undefined ? {} : { output: output.map((one) => put(messages, one, "m")) }),
        ...(offered === undefined ? {} : { tools: offered.map((name) => put(tools, { type: "function", name }, "t")) }),
      };
    }
    spans.push(span);
    for (const child of inside) add(child, span.id);
    if (!("ended_at" in rest)) span.ended_at = now();
    if (span.ended_at === undefined) delete span.ended_at;
  };
  for (const root of roots) add(root, null);
  return {
    schema: "casebook/trace@1",
    id: "trace_1",
    source: { kind: "native" },
    recorded: true,
    workflow_name: "Support",
    messages,
    tools,
    spans,
    ...more,
  };
}
