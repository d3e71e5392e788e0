import type { Span, SpanKind, Trace } from "./schema.ts";

/**
 * A span and where it stands. `agent` is the agent in whose stretch it happened. `scope` names its conversation: the
 * function span it is nested in (an agent used as a tool talks by itself), or `""` for the run itself.
 */
export type Place = {
  readonly span: Span;
  readonly parent: Place | undefined;
  readonly agent: string | undefined;
  readonly scope: string;
  readonly depth: number;
  /** Position in the order of the trace. */
  readonly index: number;
};

export type Tree = {
  /** In the order of the trace: a parent before its children. */
  readonly places: readonly Place[];
  readonly at: ReadonlyMap<string, Place>;
};

/** Where every span of a trace stands. One pass: the order of a trace guarantees that parents come first. */
export function treeOf(trace: Trace): Tree {
  const at = new Map<string, Place>();
  const places = trace.spans.map((span, index) => {
    const parent = span.parent_id === null ? undefined : at.get(span.parent_id);
    const place: Place = {
      span,
      parent,
      agent: span.agent?.name ?? span.turn?.agent_name ?? parent?.agent,
      scope: parent?.span.kind === "function" ? parent.span.id : (parent?.scope ?? ""),
      depth: parent === undefined ? 0 : parent.depth + 1,
      index,
    };
    at.set(span.id, place);
    return place;
  });
  return { places, at };
}

export type Visit = { readonly phase: "enter" | "leave"; readonly place: Place };

/** Every span twice, on the way in and on the way out, without recursion (a hostile trace may be very deep). */
export function* walk(tree: Tree): Generator<Visit> {
  const open: Place[] = [];
  for (const place of tree.places) {
    while (open.length > 0 && open.at(-1) !== place.parent) yield { phase: "leave", place: open.pop()! };
    yield { phase: "enter", place };
    open.push(place);
  }
  while (open.length > 0) yield { phase: "leave", place: open.pop()! };
}

export const isModelKind = (kind: SpanKind): boolean => kind === "generation" || kind === "response";

/** Model spans that hold no other model span: tracers that wrap a call twice are counted once. */
export function leafModels(tree: Tree): readonly Place[] {
  const outer = new Set<Place>();
  for (const place of tree.places)
    if (isModelKind(place.span.kind))
      for (let up = place.parent; up !== undefined && up.span.kind !== "function" && !outer.has(up); up = up.parent)
        if (isModelKind(up.span.kind)) outer.add(up);
  return tree.places.filter((place) => isModelKind(place.span.kind) && !outer.has(place));
}
