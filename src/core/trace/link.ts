import { conversationOf, type Exchange } from "./conversation.ts";
import { faultWords } from "./fault.ts";
import { draftCalls, gave, matchCalls, type Draft } from "./match.ts";
import type { Trace } from "./schema.ts";
import { treeOf, type Place, type Tree } from "./tree.ts";
import type { Unit } from "./units.ts";

/** One tool call, pieced together from what the model asked, what ran and what the model was shown. */
export type ToolLink = {
  readonly place: Place;
  /** `output`: asked for by a model in this trace. `input`: part of the history it was given. `span`: seen only as a function span. */
  readonly origin: "output" | "input" | "span";
  readonly name: string;
  readonly arguments: string | undefined;
  readonly call_id: string | undefined;
  /** What the model was shown; where that was not recorded, what the function span holds. */
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly function: Place | undefined;
  /** The handoff this call was. */
  readonly handoff: Place | undefined;
  readonly linked: "exact" | "inferred" | "none";
};

export type Links = {
  readonly tree: Tree;
  readonly exchanges: readonly Exchange[];
  /** In the order the model asked; calls known only from spans stand where their span stands. */
  readonly calls: readonly ToolLink[];
  /** By the call unit of an exchange, and by the id of a function or handoff span. */
  readonly ofUnit: ReadonlyMap<Unit, ToolLink>;
  readonly ofSpan: ReadonlyMap<string, ToolLink>;
};

/**
 * Which function span ran which call, and what came back. The SDK's function spans carry no call id, so this is inference
 * (see `matchCalls`); a pair is `exact` when an id, or the result the model was shown next, confirms it.
 */
export function linkToolCalls(trace: Trace): Links {
  const known = linked.get(trace);
  if (known !== undefined) return known;
  const links = link(trace);
  linked.set(trace, links);
  return links;
}

/** Status, tape, transcript and completeness all ask for the links of a trace; a trace never changes. */
const linked = new WeakMap<Trace, Links>();

function link(trace: Trace): Links {
  const tree = treeOf(trace);
  const exchanges = conversationOf(trace, tree);
  const drafts = draftCalls(exchanges);
  matchCalls(drafts, exchanges, tree);
  const silent = isSilent(trace);

  const ofUnit = new Map<Unit, ToolLink>();
  const ofSpan = new Map<string, ToolLink>();
  const calls: ToolLink[] = [];
  const add = (link: ToolLink): void => {
    calls.push(link);
    if (link.function !== undefined) ofSpan.set(link.function.span.id, link);
    if (link.handoff !== undefined) ofSpan.set(link.handoff.span.id, link);
  };
  for (const draft of drafts) {
    const link = linkOf(draft, silent);
    ofUnit.set(draft.unit, link);
    add(link);
  }
  for (const place of tree.places)
    if (place.span.kind === "function" && !ofSpan.has(place.span.id)) add(linkOfSpan(place, silent));
  return { tree, exchanges, calls: calls.sort((a, b) => positionOf(a) - positionOf(b)), ofUnit, ofSpan };
}

/** Nothing a model or a tool was given or said is there: empty strings mean "left out", not "empty". */
const isSilent = (trace: Trace): boolean =>
  trace.spans.every(({ tool, model }) => !tool?.arguments && !tool?.output && !model?.output?.length && !model?.input?.length);

const positionOf = ({ origin, function: ran, place }: ToolLink): number =>
  origin === "output" ? place.index : (ran ?? place).index;

function linkOf({ unit, exchange, origin, result, ran, handoff }: Draft, silent: boolean): ToolLink {
  const tool = ran?.span.tool;
  const sameId = unit.call_id !== undefined && unit.call_id === tool?.call_id;
  const confirmed = ran !== undefined && (sameId || (result !== undefined && gave(ran.span, result.output)));
  return {
    place: exchange.place,
    origin,
    name: unit.kind === "call" ? unit.name : (unit.name ?? tool?.name ?? "unknown tool"),
    arguments: unit.kind === "call" ? unit.arguments : (tool?.arguments ?? undefined),
    call_id: unit.call_id,
    output: result?.output ?? outputOf(ran, silent),
    error: errorOf(ran),
    function: ran,
    handoff,
    linked: ran === undefined ? "none" : confirmed ? "exact" : "inferred",
  };
}

function linkOfSpan(place: Place, silent: boolean): ToolLink {
  const { tool, name } = place.span;
  return {
    place,
    origin: "span",
    name: tool?.name ?? name ?? "unknown tool",
    arguments: tool?.arguments === "" ? undefined : tool?.arguments,
    call_id: tool?.call_id,
    output: outputOf(place, silent),
    error: errorOf(place),
    function: place,
    handoff: undefined,
    linked: "none",
  };
}

const errorOf = (ran: Place | undefined): string | undefined =>
  ran?.span.error === undefined ? undefined : faultWords(ran.span.error);

/** `""` of a tool that threw, or of a trace without content, is no output. */
function outputOf(ran: Place | undefined, silent: boolean): string | undefined {
  const output = ran?.span.tool?.output;
  return output === "" && (silent || ran?.span.error !== undefined) ? undefined : output;
}
