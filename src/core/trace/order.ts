import type { Span } from "./schema.ts";

/** A span on its way into a trace. `recorded_parent` is what the record said; `arrival` breaks ties between siblings. */
export type Arriving<S extends Pick<Span, "id" | "started_at">> = {
  readonly span: S;
  readonly recorded_parent: string | null;
  readonly arrival: number;
};

/** The same span in its place. `original` is the recorded parent where it had to be cut. */
export type Placed<S> = { readonly span: S; readonly parent: string | null; readonly original: string | undefined };

/**
 * Spans in pre-order with parents that are safe to follow: a parent that is not in the trace, the span itself, or part of a
 * cycle is cut (a cycle at its earliest start) and kept as `original`. Siblings stand by start, then by arrival; those
 * without a start come last. No recursion: a chain may be as long as it likes. Ids must be unique.
 */
export function placeSpans<S extends Pick<Span, "id" | "started_at">>(spans: readonly Arriving<S>[]): Placed<S>[] {
  const byId = new Map(spans.map((arriving) => [arriving.span.id, arriving]));
  const parents = new Map<string, string | null>();
  for (const { span, recorded_parent: parent } of spans)
    parents.set(span.id, parent !== null && parent !== span.id && byId.has(parent) ? parent : null);
  for (const id of cycleEntries(byId, parents)) parents.set(id, null);

  const children = new Map<string | null, Arriving<S>[]>();
  for (const arriving of spans) {
    const parent = parents.get(arriving.span.id) ?? null;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [arriving]);
    else siblings.push(arriving);
  }
  for (const siblings of children.values()) siblings.sort(earlier);

  const placed: Placed<S>[] = [];
  const stack = [...(children.get(null) ?? [])].reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const parent = parents.get(next.span.id) ?? null;
    const cut = parent === null && next.recorded_parent !== null;
    placed.push({ span: next.span, parent, original: cut ? (next.recorded_parent ?? undefined) : undefined });
    const below = children.get(next.span.id);
    if (below !== undefined) for (let at = below.length - 1; at >= 0; at -= 1) stack.push(below[at] as Arriving<S>);
  }
  return placed;
}

function earlier(a: Arriving<Pick<Span, "id" | "started_at">>, b: Arriving<Pick<Span, "id" | "started_at">>): number {
  const [x, y] = [a.span.started_at ?? "~", b.span.started_at ?? "~"];
  return x < y ? -1 : x > y ? 1 : a.arrival - b.arrival;
}

/** For each cycle of parents the id where it is to be opened: its earliest member. */
function cycleEntries<S extends Pick<Span, "id" | "started_at">>(
  byId: ReadonlyMap<string, Arriving<S>>,
  parents: ReadonlyMap<string, string | null>,
): string[] {
  const done = new Set<string>();
  const entries: string[] = [];
  for (const start of byId.keys()) {
    const path = new Map<string, Arriving<S>>();
    let at: string | null = start;
    while (at !== null && !done.has(at) && !path.has(at)) {
      path.set(at, byId.get(at) as Arriving<S>);
      at = parents.get(at) ?? null;
    }
    if (at !== null && path.has(at)) {
      const members = [...path.values()];
      const cycle = members.slice(members.findIndex((member) => member.span.id === at));
      entries.push((cycle.toSorted(earlier)[0] as Arriving<S>).span.id);
    }
    for (const id of path.keys()) done.add(id);
  }
  return entries;
}
