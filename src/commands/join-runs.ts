import { canonicalJson } from "../core/base/json.ts";
import type { KnownView, PutTrace, TraceReader } from "../core/ports.ts";
import { carryFindings, sortFindings } from "../core/redact/carry.ts";
import type { Redactor } from "../core/redact/redactor.ts";
import type { Origin, StoredTrace, View } from "../core/redact/stored.ts";
import { tokenPattern } from "../core/redact/token.ts";
import type { Finding } from "../core/redact/types.ts";
import { fuseViews, inRank } from "../core/trace/fuse.ts";
import { fitTogether, identityKeys, ownIdOf, sameRun, tieOf } from "../core/trace/identity.ts";
import type { Trace } from "../core/trace/schema.ts";

/** A redacted view that was just put together, from which records, and the stored run it was a view of already. `namesake`: its id is another's too. */
export type Incoming = {
  readonly view: View;
  readonly home: StoredTrace | undefined;
  readonly namesake: boolean;
  readonly records: Iterable<string>;
  readonly origins: ReadonlyMap<string, Origin>;
};

/** A run to be stored, with what it was; `absorbed` are ids of runs that turned out to be this one. */
export type Joined = { readonly put: PutTrace; readonly now: Trace; readonly findings: readonly Finding[]; readonly before: StoredTrace | undefined; readonly same: boolean; readonly absorbed: readonly string[] };

type Run = {
  readonly id: string;
  readonly arrival: number;
  readonly before: StoredTrace | undefined;
  views: View[];
  records: Set<string>;
  origins: Map<string, Origin>;
  /** Records this batch brought. */
  readonly brought: Set<string>;
  readonly absorbed: string[];
};

/** The views of a stored run, each with the id it has at its source. */
export const viewsOf = ({ trace, findings, views = [] }: StoredTrace): View[] => [{ trace: { ...trace, id: ownIdOf(trace) }, findings }, ...views];

/** The view a source of this kind has under this id. */
export const viewIn = (stored: StoredTrace | undefined, kind: string, id: string): View | undefined =>
  stored === undefined ? undefined : viewsOf(stored).find(({ trace }) => trace.source.kind === kind && trace.id === id);

/** A key that so many share says nothing, and comparing them all would take for ever. */
const tooMany = 32;

const nameOf = ({ trace }: View): string => `${trace.source.kind}\n${trace.id}`;

/**
 * Puts views of one run together, those of this batch and those stored. A run keeps the id under which it was stored first, so
 * that labels stay with it; two views of one kind are joined only as parts of what another saw whole. A response id that two views
 * of one kind hold names nobody, times that two have neither, nor a conversation that fits more than one of a kind.
 */
export function joinRuns(batch: readonly Incoming[], { store, redactor }: { readonly store: TraceReader; readonly redactor: Redactor }): Joined[] {
  const kinds = new Set([...store.kinds(), ...batch.map(({ view }) => view.trace.source.kind)]);
  const runs = new Map<string, Run>();
  const runOf = new Map<string, Run>();
  const brought = new Map<string, View[]>();
  if (kinds.size > 1)
    for (const { view } of batch)
      for (const key of identityKeys(view.trace)) {
        const others = brought.get(key) ?? [];
        others.push(view);
        brought.set(key, others);
      }

  const open = (id: string, arrival: number): Run | undefined => {
    const known = runs.get(id);
    const before = known === undefined ? store.get(id) : undefined;
    if (before === undefined) return known;
    const run: Run = { id, arrival, before, views: viewsOf(before), records: new Set(before.records), origins: new Map(before.origins.map((origin) => [origin.file, origin])), brought: new Set(), absorbed: [] };
    runs.set(id, run);
    for (const view of run.views) runOf.set(nameOf(view), run);
    return run;
  };

  /** Views that have this key, those of this batch as they are now. */
  const holders = (key: string): { readonly kind: string; readonly name: string; readonly run: () => Run | undefined }[] => {
    const stored = store.known(key).map(({ kind, id, run, arrival }: KnownView) => ({ kind, name: `${kind}\n${id}`, run: () => runOf.get(`${kind}\n${id}`) ?? open(run, arrival) }));
    const fresh = (brought.get(key) ?? []).slice(0, 2 * tooMany).map((view) => ({ kind: view.trace.source.kind, name: nameOf(view), run: () => runOf.get(nameOf(view)) }));
    return [...new Map([...fresh, ...stored].map((holder) => [holder.name, holder])).values()];
  };

  const matching = (view: View): Set<Run> => {
    const found = new Set<Run>();
    for (const key of identityKeys(view.trace, { around: true })) {
      const tie = tieOf(key);
      // What looks alike is asked only where nothing names the run.
      if (tie === "content" && found.size > 0) break;
      const others = holders(key).filter(({ name }) => name !== nameOf(view));
      if ((tie === "response" || tie === "times") && isCrowded([view.trace.source.kind, ...others.map(({ kind }) => kind)])) continue;
      if (others.length >= tooMany) continue;
      const fits = others.filter(({ kind, name, run }) => {
        if (kind === view.trace.source.kind) return false;
        const other = run()?.views.find((one) => nameOf(one) === name);
        return other !== undefined && sameRun(view.trace, other.trace, tie);
      });
      if (tie === "content" && isCrowded(fits.map(({ kind }) => kind))) continue;
      for (const { run } of fits) found.add(run() as Run);
    }
    return found;
  };

  for (const [at, { view, home, namesake, records, origins }] of batch.entries()) {
    const { id } = view.trace;
    const own = home === undefined ? undefined : (runOf.get(nameOf(view)) ?? open(home.trace.id, kinds.size > 1 ? arrivalOf(store, home) : 0));
    let run: Run = own ?? {
      id: namesake || runs.has(id) ? `${view.trace.source.kind}_${id}` : id,
      arrival: 2 ** 52 + at,
      before: undefined,
      views: [],
      records: new Set(),
      origins: new Map(),
      brought: new Set(),
      absorbed: [],
    };
    run.views = [...run.views.filter((one) => nameOf(one) !== nameOf(view)), view];
    for (const digest of records) run.brought.add(digest);
    for (const [file, origin] of origins) if (!run.origins.has(file)) run.origins.set(file, origin);
    if (kinds.size > 1) for (const other of matching(view)) run = united(run, other, runs);
    runs.set(run.id, run);
    for (const one of run.views) runOf.set(nameOf(one), run);
  }
  return [...new Set(runOf.values())].filter((run) => run.brought.size + run.absorbed.length > 0).map((run) => joined(run, redactor));
}

/** Of a run, which has at least one view. */
const tracesOf = (views: readonly View[]): [Trace, ...Trace[]] => views.map(({ trace }) => trace) as [Trace, ...Trace[]];

const isCrowded = (kinds: readonly string[]): boolean => new Set(kinds).size < kinds.length;

const arrivalOf = (store: TraceReader, { trace }: StoredTrace): number => store.known(`id:${ownIdOf(trace)}`).find(({ run }) => run === trace.id)?.arrival ?? 0;

/** One run out of two, under the id of the earlier; as they were where their views do not fit together. */
function united(one: Run, other: Run, runs: Map<string, Run>): Run {
  if (one === other || !fitTogether(inRank(tracesOf([...one.views, ...other.views])))) return one;
  const [first, second] = one.arrival <= other.arrival ? [one, other] : [other, one];
  first.views = [...first.views, ...second.views];
  for (const digest of second.records) first.records.add(digest);
  for (const digest of second.brought) first.brought.add(digest);
  for (const [file, origin] of second.origins) if (!first.origins.has(file)) first.origins.set(file, origin);
  if (second.before !== undefined) first.absorbed.push(second.id);
  first.absorbed.push(...second.absorbed);
  runs.delete(second.id);
  return first;
}

function joined(run: Run, redactor: Redactor): Joined {
  const { id, before, absorbed } = run;
  const views = agreed(run, redactor);
  const { trace: now, standing } = fuseViews(id, tracesOf(views));
  const findings = findingsOf(now, views, standing);
  const others = views.filter(({ trace }) => trace !== standing);
  const kept = others.length === 0 ? {} : { views: others };
  const records = [...run.brought];
  const same =
    before !== undefined &&
    absorbed.length === 0 &&
    canonicalJson([before.trace, before.findings, before.redaction, before.views ?? []]) === canonicalJson([now, findings, redactor.stamp, others]);
  if (same) return { put: { id, records }, now, findings, before, same, absorbed };
  const stored: StoredTrace = {
    schema: "casebook/stored-trace@1",
    revision: (before?.revision ?? 0) + 1,
    trace: now,
    origins: [...run.origins.values()],
    records: [...new Set([...run.records, ...records])].sort(),
    redaction: redactor.stamp,
    findings,
    ...kept,
  };
  return { put: { id, stored, records }, now, findings, before, same, absorbed };
}

/**
 * The views of a run, masked alike by the policy of now: what one of them gave away is masked in the others too, because its
 * tokens are recognised when they stand beside the text.
 */
function agreed({ views, before }: Run, redactor: Redactor): readonly View[] {
  const stale = before !== undefined && canonicalJson(before.redaction) !== canonicalJson(redactor.stamp);
  if (views.length === 1 && !stale) return views;
  const tokens = [...new Set(JSON.stringify(views.map(({ trace }) => trace)).match(tokenPattern))].sort().join(" ");
  return views.map((view) => {
    const { tags, ...bare } = view.trace;
    const count = tags?.length ?? 0;
    const redacted = redactor.redactTrace({ ...bare, tags: [...(tags ?? []), tokens] });
    const { tags: beside, ...trace } = redacted.trace;
    const now = { trace: { ...trace, ...(tags === undefined ? {} : { tags: (beside ?? []).slice(0, count) }) }, findings: redacted.findings.filter(({ path }) => path !== `/tags/${count}`) };
    return { trace: now.trace, findings: carryFindings(view, now) };
  });
}

/** Those of the view whose content stands, and those of the others in what was filled in from them. */
function findingsOf(now: Trace, views: readonly View[], standing: Trace): Finding[] {
  const own = views.find(({ trace }) => trace === standing) as View;
  if (views.length === 1) return own.findings;
  const lent = views.filter((view) => view !== own).flatMap((view) => view.findings.filter(({ path }) => isFilled(path, { now, standing, from: view.trace })));
  const distinct = new Map([...lent, ...own.findings].map((finding) => [`${finding.path}\n${finding.start}\n${finding.end}`, finding]));
  return sortFindings([...distinct.values()]);
}

function isFilled(path: string, { now, standing, from }: Readonly<Record<"now" | "standing" | "from", Trace>>): boolean {
  const [, member = "", key = ""] = path.split("/");
  if (!["workflow_name", "group_id", "user_id", "tags", "metadata"].includes(member)) return false;
  const at = (trace: Trace): unknown => (member === "metadata" ? trace.metadata?.[key] : trace[member as keyof Trace]) ?? null;
  return at(standing) === null && canonicalJson(at(from)) === canonicalJson(at(now));
}
