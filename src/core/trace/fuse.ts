import { completenessOf } from "./completeness.ts";
import { idNameOf, ownIdOf } from "./identity.ts";
import { definedOf } from "./merge.ts";
import { sourceKinds, type Note, type Trace } from "./schema.ts";

/**
 * The views of one run as one trace with this id. The content that stands is that of the view that holds most (full before
 * partial before none; native before the others), whatever the order they came in; the rest is filled in where it is absent: names,
 * groups, metadata. The other ids go to `alt_ids`, and a `same-run` note names each other source. `standing` is the view whose
 * spans stand. They must fit together.
 */
export function fuseViews(id: string, views: readonly [Trace, ...Trace[]]): { readonly trace: Trace; readonly standing: Trace } {
  const ranked = inRank(views);
  const [standing, ...others] = ranked;
  if (others.length === 0) return { trace: standing.id === id ? standing : { ...standing, id }, standing };
  const first = <K extends "workflow_name" | "group_id" | "user_id" | "tags">(member: K): Trace[K] => ranked.find((view) => view[member] !== undefined)?.[member];
  const union = <T extends object>(parts: readonly (T | undefined)[]): T | undefined => {
    const all = parts.reduceRight<Partial<T>>((held, part) => ({ ...held, ...part }), {});
    return Object.keys(all).length === 0 ? undefined : (all as T);
  };
  const own = Object.fromEntries(ranked.map((view, at) => [nameAt(ranked, at), ownIdOf(view)]).filter(([, other]) => other !== id));
  const notes = [...(standing.notes ?? []), ...others.map(({ source }): Note => ({ code: "same-run", detail: source.kind }))];
  const distinct = new Map(notes.map((note) => [`${note.code}\n${note.span_id ?? ""}\n${note.detail ?? ""}`, note]));
  const trace: Trace = {
    ...standing,
    id,
    recorded: ranked.some(({ recorded }) => recorded),
    ...definedOf({
      alt_ids: union([own, ...ranked.map(({ alt_ids }) => alt_ids)]),
      workflow_name: first("workflow_name"),
      group_id: first("group_id"),
      user_id: first("user_id"),
      metadata: union(ranked.map(({ metadata }) => metadata)),
      tags: first("tags"),
    }),
    notes: [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, note]) => note),
  };
  return { trace, standing };
}

/** The view that stands first. */
export function inRank(views: readonly [Trace, ...Trace[]]): readonly [Trace, ...Trace[]] {
  if (views.length === 1) return views;
  const ranked = views.map((view) => ({ view, rank: rankOf(view), id: ownIdOf(view) }));
  return ranked.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1)).map(({ view }) => view) as [Trace, ...Trace[]];
}

/** Under what name the run knows this view's id: `otel_trace_id`, and `otel_trace_id_2` for a second part. */
function nameAt(views: readonly Trace[], at: number): string {
  const [name, ...earlier] = views.slice(0, at + 1).map(idNameOf).reverse() as [string, ...string[]];
  const others = earlier.filter((other) => other === name).length;
  return others === 0 ? name : `${name}_${others + 1}`;
}

/** Lower stands before higher. */
const rankOf = (view: Trace): number => ["full", "partial", "none"].indexOf(completenessOf(view).content) * sourceKinds.length + sourceKinds.indexOf(view.source.kind);
