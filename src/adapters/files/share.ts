import { randomBytes } from "node:crypto";
import { isObject } from "../../core/base/json.ts";
import { parseBytes } from "./parse.ts";
import { scanValue, startScan } from "./scan.ts";

/** The elements of one array as they stood in a record: their text, where each ends in it, and what it was parsed to. */
type Remembered = { text: Buffer; length: number; ends: number[] | undefined; values: readonly unknown[] };

/** Records shorter than this are parsed as they are. */
const worthwhile = 2048;
/** Arrays remembered: for each trace, and in all. */
const perTrace = 3;
const inAll = 96;

/**
 * `JSON.parse` for the records of one file that hands out, for elements an earlier record of the same trace had in the same
 * text, the very objects it handed out then. A model span resends its whole conversation, so most of a file is such text:
 * it is compared, not parsed, and whoever reads the values can tell by identity what they have seen. The value is always equal
 * to what `JSON.parse` gives. Looked at are the arrays `span_data.input` and `span_data._input`. Throws as `parseBytes` does.
 */
export function createSharedParse(): (bytes: Buffer) => unknown {
  const mark = `shared:${randomBytes(9).toString("hex")}`;
  const quoted = Buffer.from(`"${mark}"`);
  const traces = new Map<string, Remembered[]>();
  let latest: Remembered | undefined;

  return (bytes) => {
    const array = bytes.length < worthwhile ? undefined : findArray(bytes);
    if (array === undefined) return parseBytes(bytes);
    const { name, start } = array;
    const trace = traceOf(bytes);
    const known = traces.get(trace) ?? [];
    const found = bestOf([...known, ...(latest === undefined ? [] : [latest])], bytes, start);
    if (found === undefined) {
      const value = parseBytes(bytes);
      const elements = elementsOf(value, name);
      if (elements !== undefined && elements.length > 0) {
        const text = Buffer.from(bytes.subarray(start));
        remember(trace, { text, length: text.length, ends: undefined, values: elements });
      }
      return value;
    }

    const { memory, count } = found;
    const from = start + ((memory.ends as number[])[count - 1] as number);
    const value = parseBytes(Buffer.concat([bytes.subarray(0, start), quoted, bytes.subarray(from)]));
    const rest = elementsOf(value, name);
    // Not where it was thought to be: the bytes were the look of another member.
    if (rest?.[0] !== mark) return parseBytes(bytes);
    const elements = [...memory.values.slice(0, count), ...rest.slice(1)];
    (value as { span_data: Record<string, unknown> }).span_data[name] = elements;
    const own = known.includes(memory) && count * 2 > memory.values.length ? memory : { text: memory.text, length: 0, ends: [], values: [] };
    extend(own, memory, count, { bytes, start, from, elements });
    remember(trace, own);
    return value;
  };

  function remember(trace: string, memory: Remembered): void {
    const others = (traces.get(trace) ?? []).filter((other) => other !== memory);
    traces.delete(trace);
    traces.set(trace, [memory, ...others].slice(0, perTrace));
    latest = memory;
    if (traces.size > inAll) traces.delete(traces.keys().next().value as string);
  }
}

/** Where the elements of an `input` or `_input` array begin, just after its bracket. */
function findArray(bytes: Buffer): { readonly name: string; readonly start: number } | undefined {
  let at = bytes.indexOf('input"');
  for (let tries = 0; at > 0 && tries < 4; tries += 1) {
    const before = bytes[at - 1];
    const name = before === 0x22 ? "input" : before === 0x5f && bytes[at - 2] === 0x22 ? "_input" : undefined;
    let next = at + 6;
    while (isBlank(bytes[next])) next += 1;
    if (name !== undefined && bytes[next] === 0x3a) {
      next += 1;
      while (isBlank(bytes[next])) next += 1;
      if (bytes[next] === 0x5b) return { name, start: next + 1 };
    }
    at = bytes.indexOf('input"', at + 6);
  }
  return undefined;
}

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** What stands after the first `"trace_id"`: only a hint of where to look. */
function traceOf(bytes: Buffer): string {
  const at = bytes.indexOf('"trace_id"');
  return at < 0 ? "" : bytes.toString("latin1", at + 10, at + 60);
}

function elementsOf(value: unknown, name: string): readonly unknown[] | undefined {
  const data = isObject(value) ? value["span_data"] : undefined;
  const elements = isObject(data) ? data[name] : undefined;
  return Array.isArray(elements) ? elements : undefined;
}

/** The remembered array that shares most elements, and how many. */
function bestOf(memories: readonly Remembered[], bytes: Buffer, start: number): { readonly memory: Remembered; readonly count: number } | undefined {
  let best: { memory: Remembered; count: number } | undefined;
  for (const memory of memories) {
    const count = sharedBy(memory, bytes, start);
    if (count > (best?.count ?? 0)) best = { memory, count };
  }
  return best;
}

function sharedBy(memory: Remembered, bytes: Buffer, start: number): number {
  const probe = Math.min(48, memory.length);
  if (!sameText(memory, bytes, start, probe)) return 0;
  if (memory.ends === undefined) {
    memory.ends = endsIn(memory.text, 0, memory.values.length);
    memory.length = memory.ends.at(-1) ?? 0;
  }
  const { ends } = memory;
  // Equal prefixes are an ordered property: most often all of it is there, else halve the way.
  let [low, high] = [0, ends.length];
  if (sameText(memory, bytes, start, ends.at(-1) ?? 0)) low = high;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sameText(memory, bytes, start, ends[middle - 1] as number)) low = middle;
    else high = middle - 1;
  }
  // What follows must end the element: a number could go on.
  while (low > 0) {
    let next = start + (ends[low - 1] as number);
    while (isBlank(bytes[next])) next += 1;
    if (bytes[next] === 0x2c || bytes[next] === 0x5d) return low;
    low -= 1;
  }
  return 0;
}

const sameText = (memory: Remembered, bytes: Buffer, start: number, length: number): boolean =>
  start + length <= bytes.length && memory.text.compare(bytes, start, start + length, 0, length) === 0;

/** Where each of the next `count` elements ends, in `bytes` from `from` on; fewer where the text does not hold so many. */
function endsIn(bytes: Buffer, from: number, count: number): number[] {
  const ends: number[] = [];
  let at = from;
  while (ends.length < count) {
    while (isBlank(bytes[at]) || bytes[at] === 0x2c) at += 1;
    const scan = startScan();
    if (scanValue(scan, bytes.subarray(at)) !== "closed") break;
    at += scan.at;
    ends.push(at);
  }
  return ends;
}

type Now = { readonly bytes: Buffer; readonly start: number; readonly from: number; readonly elements: readonly unknown[] };

/** Makes `own` remember the array of this record: `count` elements of `memory`, then the ones that are new. */
function extend(own: Remembered, memory: Remembered, count: number, { bytes, start, from, elements }: Now): void {
  const kept = (memory.ends as number[]).slice(0, count);
  const fresh = endsIn(bytes, from, elements.length - count).map((end) => end - start);
  const end = fresh.at(-1) ?? (kept.at(-1) as number);
  const shared = kept.at(-1) as number;
  if (own !== memory || own.text.length < end) {
    const room = Buffer.allocUnsafe(Math.max(4096, end * 2));
    memory.text.copy(room, 0, 0, shared);
    own.text = room;
  }
  bytes.copy(own.text, shared, from, start + end);
  own.ends = [...kept, ...fresh];
  own.values = elements.slice(0, own.ends.length);
  own.length = end;
}
