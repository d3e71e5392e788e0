import type { Trace } from "./schema.ts";
import { isModelKind, type Place, type Tree } from "./tree.ts";
import { unitsOf, type Unit } from "./units.ts";

/** One model call as part of a conversation: what its input holds that was not known before, and what the model said. */
export type Exchange = {
  readonly place: Place;
  readonly fresh: readonly Unit[];
  readonly output: readonly Unit[];
  /** Both sides were recorded. */
  readonly recorded: boolean;
};

/**
 * The model calls of a trace in reading order, each with only what is new in it, although every call resends the whole
 * conversation. Within one conversation an input unit is known when an equal one was seen and is not yet accounted for
 * in the same input (so the second "yes" of a user is new); inputs that hold only a delta are new throughout.
 */
export function conversationOf(trace: Trace, tree: Tree): readonly Exchange[] {
  const units = new Map<number, Unit[]>();
  const at = (index: number): Unit[] => {
    const message = trace.messages[index];
    if (message === undefined) return [];
    const known = units.get(index) ?? unitsOf(message);
    units.set(index, known);
    return known;
  };
  // A message of the pool may be said twice: every saying is its own object, so that it can be linked by identity.
  const saying = (indexes: readonly number[] | undefined): Unit[] =>
    (indexes ?? []).flatMap((index) => at(index).map((unit) => ({ ...unit })));

  const histories = new Map<string, History>();
  const exchanges: Exchange[] = [];
  for (const place of tree.places) {
    const { model, kind } = place.span;
    if (!isModelKind(kind) || model === undefined) continue;
    const history = histories.get(place.scope) ?? newHistory();
    histories.set(place.scope, history);
    const input = saying(model.input);
    const fresh = model.input_is_delta === true ? input : unknownOf(input, history);
    const output = saying(model.output);
    for (const unit of fresh) remember(history, unit);
    for (const unit of output) remember(history, unit);
    exchanges.push({ place, fresh, output, recorded: model.input !== undefined && model.output !== undefined });
  }
  return exchanges;
}

type History = { readonly strict: Map<string, Unit[]>; readonly loose: Map<string, Unit[]> };
const newHistory = (): History => ({ strict: new Map(), loose: new Map() });

function remember(history: History, unit: Unit): void {
  push(history.strict, unit.key, unit);
  if (unit.kind === "call" || unit.kind === "result") push(history.loose, unit.loose, unit);
}

function push(into: Map<string, Unit[]>, key: string, unit: Unit): void {
  const list = into.get(key);
  if (list === undefined) into.set(key, [unit]);
  else list.push(unit);
}

function unknownOf(input: readonly Unit[], history: History): Unit[] {
  const used = new Set<Unit>();
  return input.filter((unit) => {
    const known =
      history.strict.get(unit.key)?.find((one) => !used.has(one)) ??
      history.loose.get(unit.loose)?.find((one) => !used.has(one) && (idOf(one) === undefined || idOf(unit) === undefined));
    if (known !== undefined) used.add(known);
    return known === undefined;
  });
}

const idOf = (unit: Unit): string | undefined => (unit.kind === "call" || unit.kind === "result" ? unit.call_id : undefined);
