import { join } from "node:path";
import { openStore } from "../../src/adapters/store/store.ts";
import { slotsOf } from "../../src/commands/label.ts";
import { press } from "../../src/core/label/press.ts";
import { defaultTaxonomy } from "../../src/core/label/default-taxonomy.ts";
import { historyOf, type LabelEvent } from "../../src/core/label/event.ts";
import type { Key } from "../../src/core/label/line.ts";
import { shown, startSession, type Desk, type Effect, type Move, type Session } from "../../src/core/label/session.ts";
import { sheetOf } from "../../src/core/label/sheet.ts";
import type { StoredTrace } from "../../src/core/redact/stored.ts";
import { transcriptOf } from "../../src/core/trace/transcript.ts";
import { agent, calls, gives, model, says, tool, traceOf, user } from "./trace.ts";

/** A run in which a refund is asked for, looked up twice, and refused by the tool. `n` makes it differ from the others. */
export function refund(n: number, { suspect = false, long = false }: { suspect?: boolean; long?: boolean } = {}): StoredTrace {
  const asked = user(`Please refund order ${n}. My club is Blue${n} Foxes.`);
  const call = calls("get_order", `{"id":${n}}`, "c1");
  const again = calls("get_order", `{"id":${n}}`, "c2");
  const order = `{"id":${n},"state":"paid","items":[${Array.from({ length: long ? 400 : 2 }, (_, item) => `{"sku":"S-${item}","price":${item}}`).join(",")}]}`;
  const trace = traceOf(
    [
      agent("Support", [
        model([asked], [call], { model: { instructions: "You are a support agent.\n".repeat(40) } }),
        tool("get_order", `{"id":${n}}`, order, { id: `span_look${n}` }),
        model([asked, call, gives(order, "c1")], [again]),
        tool("get_order", `{"id":${n}}`, order, { id: `span_again${n}` }),
        model([asked, call, gives(order, "c1"), again, gives(order, "c2")], [says(`Order ${n} is paid. I have refunded it.`)]),
      ]),
    ],
    { id: `trace_${String(n).padStart(4, "0")}abcd` },
  );
  const at = trace.messages.findIndex(({ role }) => role === "user");
  const text = `Please refund order ${n}. My club is `;
  return {
    schema: "casebook/stored-trace@1",
    revision: 1,
    trace,
    origins: [],
    records: [`r${n}`],
    redaction: { policy: "p", key: "k", style: "token" },
    findings: suspect
      ? [{ kind: "ORG", tier: "suspect", path: `/messages/${at}/parts/0/text`, start: text.length, end: text.length + `Blue${n} Foxes`.length, token: `[ORG:${n}]`, rule: "test" }]
      : [],
  };
}

/** A workspace folder whose store holds these traces. */
export async function workspaceOf(root: string, traces: readonly StoredTrace[]): Promise<string> {
  const store = await openStore(join(root, ".casebook", "traces"), { write: true });
  store.put(traces.map((stored) => ({ id: stored.trace.id, stored, records: stored.records })));
  store.finish(["test"]);
  store.close();
  return root;
}

/** A desk over traces in memory. Typed addresses are "redacted" so that a test can see where that happens. */
export function deskOf(traces: readonly StoredTrace[], more: Partial<Desk> = {}): Desk {
  const sheets = new Map(traces.map((stored) => [stored.trace.id, sheetOf(stored, transcriptOf(stored.trace))]));
  return {
    annotator: "ann",
    taxonomy: defaultTaxonomy,
    slots: slotsOf(defaultTaxonomy, []),
    codesAfter: 30,
    editor: false,
    sheet: (id) => sheets.get(id),
    reads: () => "read",
    redact: (text) => text.replaceAll(/\S+@\S+/g, "[EMAIL:x]"),
    ...more,
  };
}

/** Keys as a person types them: `f`, `enter`, `type:some words`. */
export const keyed = (name: string): Key[] =>
  name.startsWith("type:")
    ? Array.from(name.slice(5), (text) => ({ name: text, text }))
    : name.startsWith("paste:")
      ? [{ name: "paste", text: name.slice(6) }]
      : name.startsWith("ctrl-")
        ? [{ name: name.slice(5), ctrl: true }]
        : [name.length === 1 ? { name, text: name } : { name }];

/** A session driven key by key, each a second after the other and each after the screen was shown; what it kept. */
export function driver(traces: readonly StoredTrace[], { desk = {}, events = [], again = false }: { desk?: Partial<Desk>; events?: readonly LabelEvent[]; again?: boolean } = {}) {
  const kept: LabelEvent[] = [...events];
  let now = Date.UTC(2026, 10, 22, 10);
  let session = shown(
    startSession(deskOf(traces, desk), { items: traces.map(({ trace }) => ({ id: trace.id, why: "test" })), events, now, again }),
    now,
  );
  const effects: Effect[] = [];
  const take = (move: Move): void => {
    session = shown(move.session, now);
    for (const effect of move.effects) {
      effects.push(effect);
      if (effect.kind === "keep") kept.push(effect.event);
    }
  };
  return {
    press: (...names: string[]): Session => {
      for (const key of names.flatMap(keyed)) {
        now += 1000;
        take(press(session, key, now));
      }
      return session;
    },
    take,
    session: () => session,
    kept,
    effects,
    labels: () => historyOf(kept).labels,
    now: () => now,
  };
}
