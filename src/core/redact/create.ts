import type { Json, JsonObject } from "../base/json.ts";
import { parseJson } from "../base/json.ts";
import { spanKinds, type Trace } from "../trace/schema.ts";
import { finish, type Prepared } from "./engine.ts";
import { mapTrace, type Slot, type Visitor } from "./fields.ts";
import { safeIdOf } from "./ids.ts";
import { actionOf, policyHash, type Place } from "./policy.ts";
import type { Redactor, Redacted } from "./redactor.ts";
import { spliceText } from "./splice.ts";
import { toolsOf, type RedactorOptions } from "./tools.ts";
import type { Finding } from "./types.ts";
import type { Source } from "./reading.ts";

/**
 * A redactor of one policy and one key. Pure but for what it has learned: same input, same bytes. Raw values live in its
 * memory only.
 */
export function createRedactor(given: RedactorOptions): Redactor {
  const { policy, keyId } = given;
  const tools = toolsOf(given);
  const { tokens, replace } = tools;
  // What is to be learned is scanned when it is first needed (all of it at once), and not again when it is redacted.
  let waiting: Trace[] = [];
  const prepared = new WeakMap<Trace, Prepared>();
  const learnWaiting = (): void => {
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    for (const [i, one] of tools.learn(batch.map(collect)).entries()) if (batch[i] !== undefined) prepared.set(batch[i], one);
  };

  /** Ids that the policy masks, by their prefix; spans point at one another, so theirs are masked alike whatever their kind. */
  const masks = (place: Place): boolean => !["keep", "scan"].includes(actionOf(policy, place, "id"));
  const masked = new Set([...(masks("trace") ? ["trace_"] : []), ...(spanKinds.some(masks) ? ["span_"] : [])]);

  return {
    stamp: { policy: policyHash(policy), key: keyId, style: policy.style },

    learn: (trace) => void waiting.push(trace),

    redactTrace(trace): Redacted {
      learnWaiting();
      const known = prepared.get(trace) ?? tools.prepare(collect(trace));
      prepared.delete(trace);
      const { sources } = known;
      const seen = finish(known, tools.engine());
      const findings: Finding[] = [];
      let next = 0;
      const take = (slot: Slot): string => {
        const index = next;
        next += 1;
        const source = sources[index];
        const what = seen[index];
        if (source === undefined || what === undefined) return "[DROPPED]";
        const out = spliceText({ text: source.text, seen: what, path: slot.path, policy });
        findings.push(...out.findings);
        return out.text;
      };
      const visitor: Visitor = {
        text: (value, slot) => byAction(slot, value, () => take(slot)),
        json: (value, slot) => {
          const action = actionOf(policy, slot.place, slot.field);
          if (action === "drop") return Array.isArray(value) ? [] : typeof value === "object" && value !== null ? {} : null;
          if (action === "keep") return value;
          if (action === "token") return wholeToken(value);
          const text = take(slot);
          return parseJson(text) ?? ({} as Json);
        },
        id: (value, slot, prefix) => {
          const action = actionOf(policy, slot.place, slot.field);
          return action === "keep" ? value : action === "scan" ? safeIdOf(tokens, value, prefix) : renamed(value, prefix);
        },
        digest: (value) => (/^hmac-[0-9a-f]{32}$/.test(value) && ourDigest(value) ? value : keyed(value)),
        unknown: () => undefined,
      };
      return { trace: mapTrace(trace, visitor), findings };
    },

    redactText(text, known) {
      learnWaiting();
      const [seen] = finish(tools.prepare([{ text }], known), tools.engine());
      return seen === undefined ? { text, findings: [] } : spliceText({ text, seen, path: "", policy });
    },

    tokenOf: (kind, value) => replace(kind, value, "text"),

    // Pieces are joined to what is stored by these ids, so they must be the ids it is stored under.
    safeId: (id, prefix) => (masked.has(prefix) ? renamed(safeIdOf(tokens, id, prefix), prefix) : safeIdOf(tokens, id, prefix)),
  };

  function byAction(slot: Slot, value: string, scan: () => string): string {
    switch (actionOf(policy, slot.place, slot.field)) {
      case "keep":
        return value;
      case "drop":
        return value === "" ? "" : "[DROPPED]";
      case "token":
        return value === "" || /^\[[A-Z_]+:[a-z2-7]{16}\]$/.test(value) && tokens.isOurs(value.slice(-17, -1)) ? value : tokens.token("USER_ID", value.toLowerCase());
      case "scan":
        return scan();
    }
  }
  /** One token for a whole JSON value; an object stays one. */
  function wholeToken(value: Json): Json {
    const held = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject)["value"] : value;
    if (typeof held === "string" && /^\[VALUE:[a-z2-7]{16}\]$/.test(held) && tokens.isOurs(held.slice(7, 23))) return value;
    const token = tokens.token("VALUE", JSON.stringify(value));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { value: token } : token;
  }
  function renamed(id: string, prefix: string): string {
    const head = id.slice(prefix.length, prefix.length + 16);
    const made = (body: string): string => prefix + body + tokens.hmac(`renamed\u0000${body}`).slice(0, 16);
    return id.startsWith(prefix) && id === made(head) ? id : made(tokens.hmac(`id\u0000${id}`).slice(0, 16));
  }
  function keyed(digest: string): string {
    const body = tokens.hmac(`digest\u0000${digest}`).slice(0, 24);
    return `hmac-${body}${tokens.hmac(`digest check\u0000${body}`).slice(0, 8)}`;
  }
  function ourDigest(value: string): boolean {
    const body = value.slice(5, 29);
    return tokens.hmac(`digest check\u0000${body}`).slice(0, 8) === value.slice(29);
  }

  /** Every text of a trace that is scanned, in the order `mapTrace` meets them. */
  function collect(trace: Trace): Source[] {
    const sources: Source[] = [];
    const isScanned = (slot: Slot): boolean => actionOf(policy, slot.place, slot.field) === "scan";
    mapTrace(trace, {
      text: (value, slot) => {
        if (isScanned(slot)) sources.push({ text: value, around: { key: slot.key }, ...(slot.joins === undefined ? {} : { joins: slot.joins }) });
        return value;
      },
      json: (value, slot) => {
        if (isScanned(slot)) sources.push({ text: JSON.stringify(value), around: { pointers: true } });
        return value;
      },
      id: (value) => value,
      digest: (value) => value,
      unknown: () => undefined,
    });
    return sources;
  }
}
