import { parseJson, isObject } from "../base/json.ts";
import type { Exchange } from "./conversation.ts";
import type { Place, Tree } from "./tree.ts";
import { argumentsKey, type CallUnit, type ResultUnit, type Unit } from "./units.ts";

/** A call being pieced together. A result whose call was never seen stands for its call. */
export type Draft = {
  readonly unit: CallUnit | ResultUnit;
  readonly exchange: Exchange;
  readonly origin: "output" | "input";
  result?: ResultUnit | undefined;
  ran?: Place | undefined;
  handoff?: Place | undefined;
};

/** The calls of a trace with the results the model was shown for them: by call id, else by name, in order. */
export function draftCalls(exchanges: readonly Exchange[]): Draft[] {
  const drafts: Draft[] = [];
  const waiting = new Map<string, Draft[]>();
  for (const exchange of exchanges) {
    const calls = waiting.get(exchange.place.scope) ?? [];
    waiting.set(exchange.place.scope, calls);
    const take = (unit: Unit, origin: Draft["origin"]): void => {
      if (unit.kind === "call") {
        const draft: Draft = { unit, exchange, origin };
        drafts.push(draft);
        calls.push(draft);
      } else if (unit.kind === "result" && origin === "input") {
        const index = calls.findIndex(({ unit: call }) => answers(unit, call));
        const [draft] = index < 0 ? [] : calls.splice(index, 1);
        if (draft === undefined) drafts.push({ unit, exchange, origin, result: unit });
        else draft.result = unit;
      }
    };
    for (const unit of exchange.fresh) take(unit, "input");
    for (const unit of exchange.output) take(unit, "output");
  }
  return drafts;
}

const answers = (result: ResultUnit, call: CallUnit | ResultUnit): boolean =>
  result.call_id === undefined || call.call_id === undefined
    ? result.name === undefined || result.name === call.name
    : result.call_id === call.call_id;

/**
 * Gives each draft the span that ran it. Function spans that ran side by side are matched together, first with the calls of
 * the model call before them, then with what is left earlier in the conversation (a run interrupted and resumed), then
 * with what is left anywhere in it (a model span that was lost, a clock that jumped). Within that: by call id where the
 * source has one, then by name and equal arguments, then equal JSON, then order alone. Of equal candidates the one whose
 * result equals the span's output wins, so parallel identical calls are interchangeable.
 */
export function matchCalls(drafts: readonly Draft[], exchanges: readonly Exchange[], tree: Tree): void {
  const groups = groupSpans(exchanges, tree);
  const ofExchange = group(drafts, (draft) => draft.exchange);
  const ofScope = group(drafts, (draft) => draft.exchange.place.scope);
  const before = ({ scope, spans }: Group): Draft[] =>
    (ofScope.get(scope) ?? []).filter((draft) => draft.exchange.place.index < spans[0]!.index);
  const reaches: readonly ((spans: Group) => readonly Draft[])[] = [
    ({ after }) => (after === undefined ? [] : (ofExchange.get(after) ?? [])),
    before,
    ({ scope }) => ofScope.get(scope) ?? [],
  ];
  for (const [tier, reach] of reaches.entries())
    for (const one of groups) {
      const left = one.spans.filter((span) => !one.done.has(span));
      const open = left.length === 0 ? [] : reach(one).filter((draft) => !taken(draft));
      if (open.length > 0) matchGroup({ left, open, done: one.done, byOrder: tier === 0 });
    }
}

/** `Map.groupBy`, which Node 20 has not. */
function group<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const list = groups.get(keyOf(item));
    if (list === undefined) groups.set(keyOf(item), [item]);
    else list.push(item);
  }
  return groups;
}

type Group = { readonly scope: string; readonly after: Exchange | undefined; readonly spans: Place[]; readonly done: Set<Place> };

function groupSpans(exchanges: readonly Exchange[], tree: Tree): Group[] {
  const exchangeAt = new Map(exchanges.map((exchange) => [exchange.place.index, exchange]));
  const last = new Map<string, Exchange>();
  const groups = new Map<string, Group>();
  for (const place of tree.places) {
    const exchange = exchangeAt.get(place.index);
    if (exchange !== undefined) last.set(place.scope, exchange);
    if (place.span.kind !== "function" && place.span.kind !== "handoff") continue;
    const after = last.get(place.scope);
    const key = JSON.stringify([place.scope, place.span.parent_id, after?.place.index]);
    const known = groups.get(key) ?? { scope: place.scope, after, spans: [], done: new Set() };
    known.spans.push(place);
    groups.set(key, known);
  }
  return [...groups.values()];
}

const taken = (draft: Draft): boolean => draft.ran !== undefined || draft.handoff !== undefined;

type Fits = (span: Place, draft: Draft) => boolean;

function matchGroup({ left, open, done, byOrder }: { left: readonly Place[]; open: readonly Draft[]; done: Set<Place>; byOrder: boolean }): void {
  const passes: Fits[] = [sameId, both(sameText, sameOutput), sameText, both(sameJson, sameOutput), sameJson, sameResult];
  if (byOrder) passes.push(sameName);
  else passes.push((span, draft) => sameName(span, draft) && !span.span.tool?.arguments && span.span.tool?.output !== "");
  for (const fits of passes)
    for (const span of left) {
      if (done.has(span)) continue;
      const isHandoff = span.span.kind === "handoff";
      const draft = open.find((one) => !taken(one) && (isHandoff ? wasHandoff(span, one) : fits(span, one)));
      if (draft === undefined) continue;
      if (isHandoff) draft.handoff = span;
      else draft.ran = span;
      done.add(span);
    }
}

const both =
  (a: Fits, b: Fits): Fits =>
  (span, draft) =>
    a(span, draft) && b(span, draft);

const sameName: Fits = ({ span: { tool } }, { unit }) => unit.kind === "call" && unit.name === tool?.name;
const sameId: Fits = (span, draft) => sameName(span, draft) && draft.unit.call_id !== undefined && draft.unit.call_id === span.span.tool?.call_id;
const sameText: Fits = (span, draft) => sameName(span, draft) && draft.unit.kind === "call" && draft.unit.arguments === span.span.tool?.arguments;
const sameJson: Fits = (span, draft) =>
  sameName(span, draft) &&
  draft.unit.kind === "call" &&
  span.span.tool?.arguments !== undefined &&
  argumentsKey(draft.unit.arguments) === argumentsKey(span.span.tool.arguments);
const sameOutput: Fits = ({ span }, { result }) => result !== undefined && gave(span, result.output);
/** Whether this is what the tool gave, as it was recorded or as the model was shown it. */
export const gave = ({ tool, data }: Place["span"], output: string): boolean => output === tool?.output || (tool !== undefined && output === data?.["shown"]);
/** For a result whose call was not recorded. */
const sameResult: Fits = (span, draft) =>
  draft.unit.kind === "result" && sameOutput(span, draft) && (draft.unit.name ?? span.span.tool?.name) === span.span.tool?.name;

function wasHandoff({ span: { handoff } }: Place, { unit, result }: Draft): boolean {
  if (unit.kind !== "call") return false;
  const to = handoff?.to;
  if (isTransfer(unit.name)) return to === undefined || slug(unit.name.replace(transfer, "")) === slug(to) || shownTo(result) === to;
  return to !== undefined && shownTo(result) === to;
}

const transfer = /^(?:transfer|hand_?off)_to_/i;
const isTransfer = (name: string): boolean => transfer.test(name);
const slug = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_");

/** The SDK answers a handoff call with `{"assistant": "<agent>"}`. */
function shownTo(result: ResultUnit | undefined): string | undefined {
  const value = result === undefined ? undefined : parseJson(result.output);
  return isObject(value) && typeof value["assistant"] === "string" ? value["assistant"] : undefined;
}

/** The agent a call hands over to, where the call is known to be a handoff even without a handoff span. */
export function transferTarget(name: string, output: string | undefined): string | undefined {
  const value = output === undefined ? undefined : parseJson(output);
  const to = isObject(value) && Object.keys(value).length === 1 ? value["assistant"] : undefined;
  return isTransfer(name) && typeof to === "string" ? to : undefined;
}
