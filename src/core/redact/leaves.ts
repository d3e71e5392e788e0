import { isDropped } from "./keys.ts";
import { compose, sliceView, viewOf, type View } from "./view.ts";

/**
 * One piece of text worth scanning, decoded: a JSON string without its quotes and escapes, an object key, a number, or
 * prose as it stands. `view` leads back to the source, so a replacement can be spliced in and everything around it stays
 * byte for byte: JSON stays valid at every level.
 */
export type Leaf = {
  readonly view: View;
  readonly role: "text" | "string" | "key" | "number" | "word";
  /** The member this is the value of. With `{name: "password", value: "x"}`, `password` for `x`. */
  key: string | undefined;
  /** Names of the enclosing members, outermost first. */
  readonly parents: readonly string[];
  /** All member names of the same object (complete once the text is read). */
  readonly siblings: readonly string[];
  /** JSON pointer of the outermost JSON document of this text; `""` for prose. */
  readonly pointer: string;
  /** How many strings inside strings. */
  readonly level: number;
};

/** Strings inside strings, and arrays inside arrays, that are followed. What lies deeper is dropped, never passed. */
export const limits = { levels: 8, depth: 200 } as const;

/** What a text is made of. `tooDeep`: source ranges that nothing looked into. `dropped`: values of members that are never kept. */
export type Leaves = {
  readonly leaves: Leaf[];
  readonly tooDeep: readonly (readonly [number, number])[];
  readonly dropped: readonly (readonly [number, number])[];
};

export type Around = { readonly key?: string | undefined; readonly parents?: readonly string[]; readonly siblings?: readonly string[] };

/** Takes a text apart: JSON (cut off or several in a row, too), Python's `repr`, JSON in JSON strings, else prose. */
export function leavesOf(text: string, around: Around = {}): Leaves {
  const leaves: Leaf[] = [];
  const tooDeep: [number, number][] = [];
  const dropped: [number, number][] = [];
  take({ view: viewOf(text), around, pointer: "", level: 0, leaves, tooDeep, dropped });
  return { leaves, tooDeep, dropped };
}

type Job = {
  readonly view: View;
  readonly around: Around;
  readonly pointer: string;
  readonly level: number;
  readonly leaves: Leaf[];
  readonly tooDeep: [number, number][];
  readonly dropped: [number, number][];
};

/** Adds the leaves of one decoded text. */
function take(job: Job): void {
  const { view, around, level, leaves } = job;
  const at = firstInk(view.text);
  const head = view.text.charCodeAt(at);
  if (couldHold(head, view.text, at)) {
    if (level >= limits.levels) {
      job.tooDeep.push([viewStart(view), viewEnd(view)]);
      return;
    }
    const before = leaves.length;
    const deep = job.tooDeep.length;
    const gone = job.dropped.length;
    if (readData(job, at)) return;
    leaves.length = before;
    job.tooDeep.length = deep;
    job.dropped.length = gone;
  }
  leaves.push({
    view,
    role: level === 0 && job.pointer === "" ? "text" : "string",
    key: around.key,
    parents: around.parents ?? [],
    siblings: around.siblings ?? [],
    pointer: job.pointer,
    level,
  });
}

const viewStart = (view: View): number => (view.marks === undefined ? view.base : (view.marks[0] ?? 0));
const viewEnd = (view: View): number =>
  view.marks === undefined ? view.base + view.text.length : (view.marks[view.text.length] ?? 0);

const ink = /[^\s\ufeff]/g;
function firstInk(text: string): number {
  ink.lastIndex = 0;
  return ink.exec(text)?.index ?? text.length;
}

const constructor = /[A-Za-z_][\w.]{0,80}\(\s{0,4}(?:[A-Za-z_]\w{0,80}=|['"{[(])/y;
function couldHold(head: number, text: string, at: number): boolean {
  // { [ " (
  if (head === 123 || head === 91 || head === 34 || head === 40) return true;
  constructor.lastIndex = at;
  return constructor.test(text);
}

type Frame = {
  readonly close: number;
  readonly map: boolean;
  readonly parents: readonly string[];
  readonly siblings: string[];
  readonly pointer: string;
  /** Leaves of string members of this object, to pair `{name, value}`. */
  readonly members: Leaf[];
  key: string | undefined;
  index: number;
  /** Where the value of a member that is never kept begins. */
  dropFrom: number;
};

const string2 = /[^"\\]*/y;
const string1 = /[^'\\]*/y;
const blank = /[\s\ufeff]*/y;
const number = /-?(?:\d[\d_]*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const bare = /[A-Za-z_$][\w.$-]*/y;
const nameMember = /^(?:name|key|field|label|header|attribute|param|parameter|property|id|variable)$/i;
const valueMember = /^(?:value|val|content|text|data|default|answer|string_?value|input)$/i;

/** Reads data from `start` on; false where it is not data after all. A missing end is taken as cut off. */
function readData(job: Job, start: number): boolean {
  const { text } = job.view;
  const stack: Frame[] = [];
  let at = start;
  let found = 0;
  const root: Frame = { close: 0, map: false, parents: job.around.parents ?? [], siblings: [], pointer: job.pointer, members: [], key: undefined, index: 0, dropFrom: -1 };
  let frame = root;
  const skip = (): void => {
    blank.lastIndex = at;
    blank.exec(text);
    at = blank.lastIndex;
  };
  const childPointer = (): string =>
    frame === root ? job.pointer : `${frame.pointer}/${frame.map ? pointerName(frame.key ?? "") : frame.index}`;
  const valueAround = (): Around => {
    if (frame === root) return job.around;
    if (!frame.map) return { key: frame.key ?? frame.parents.at(-1), parents: frame.parents, siblings: frame.siblings };
    return { key: frame.key, parents: frame.parents, siblings: frame.siblings };
  };
  const push = (role: Leaf["role"], view: View, around: Around): Leaf => {
    const leaf: Leaf = {
      view: compose(job.view, view),
      role,
      key: around.key,
      parents: around.parents ?? [],
      siblings: around.siblings ?? [],
      pointer: job.level === 0 ? childPointer() : job.pointer,
      level: job.level,
    };
    job.leaves.push(leaf);
    found += 1;
    return leaf;
  };
  const endMember = (end: number): void => {
    if (frame.dropFrom >= 0 && !/^\s*(?:null|None)?\s*$/.test(text.slice(frame.dropFrom, Math.min(end, frame.dropFrom + 12)))) {
      const lead = /^\s*/.exec(text.slice(frame.dropFrom, end))?.[0].length ?? 0;
      job.dropped.push([sourceAt(job.view, frame.dropFrom + lead), sourceAt(job.view, end)]);
    }
    frame.dropFrom = -1;
  };
  const named = (name: string): void => {
    frame.key = name;
    frame.siblings.push(name);
    at += 1;
    if (isDropped(name)) frame.dropFrom = at;
  };
  const close = (): void => {
    pairMembers(frame);
    frame = stack.pop() ?? root;
  };
  while (at < text.length) {
    skip();
    if (at >= text.length) break;
    const code = text.charCodeAt(at);
    if (code === 44 /* , */ || code === 59) {
      if (frame === root) return false;
      endMember(at);
      at += 1;
      frame.index += 1;
      frame.key = undefined;
      continue;
    }
    if (frame !== root && code === frame.close) {
      endMember(at);
      at += 1;
      close();
      continue;
    }
    if (code === 123 || code === 91 || code === 40) {
      if (stack.length >= limits.depth) {
        job.tooDeep.push([viewStart(job.view), viewEnd(job.view)]);
        return true;
      }
      const around = valueAround();
      const name = frame.map ? frame.key : undefined;
      const next: Frame = {
        close: code === 123 ? 125 : code === 91 ? 93 : 41,
        map: code === 123,
        parents: name === undefined ? (around.parents ?? []) : [...(around.parents ?? []), name],
        siblings: [],
        pointer: childPointer(),
        members: [],
        key: undefined,
        index: 0,
        dropFrom: -1,
      };
      if (frame === root && job.around.key !== undefined) (next.parents as string[]) = [...next.parents, job.around.key];
      stack.push(frame);
      frame = next;
      at += 1;
      continue;
    }
    if (code === 34 || code === 39) {
      if (code === 39 && frame === root && found === 0) return false;
      const closed = readString(text, at);
      const inner = unescape(text, at + 1, closed.end);
      at = Math.min(text.length, closed.end + 1);
      skip();
      if (frame.map && frame.key === undefined && text.charCodeAt(at) === 58 /* : */) {
        push("key", inner, { parents: frame.parents, siblings: frame.siblings });
        named(inner.text);
        continue;
      }
      const view = compose(job.view, inner);
      const before = job.leaves.length;
      take({ ...job, view, around: valueAround(), pointer: job.level === 0 ? childPointer() : job.pointer, level: job.level + (frame === root ? 1 : nested(inner.text)) });
      found += 1;
      const only = job.leaves.length === before + 1 ? job.leaves[before] : undefined;
      if (only !== undefined && frame.map) {
        (only as { role: Leaf["role"] }).role = "string";
        frame.members.push(only);
      } else if (only !== undefined) (only as { role: Leaf["role"] }).role = "string";
      continue;
    }
    number.lastIndex = at;
    const digits = number.exec(text);
    if (digits !== null) {
      if (frame === root) return false;
      const view = sliceView(viewOf(text), at, number.lastIndex);
      at = number.lastIndex;
      skip();
      if (frame.map && frame.key === undefined && text.charCodeAt(at) === 58) {
        push("key", view, { parents: frame.parents, siblings: frame.siblings });
        named(digits[0]);
        continue;
      }
      // A vector has thousands, and none of them says anything.
      if (!frame.map && digits[0].includes(".")) continue;
      const leaf = push("number", view, valueAround());
      if (frame.map) frame.members.push(leaf);
      continue;
    }
    bare.lastIndex = at;
    const word = bare.exec(text);
    if (word === null) return false;
    const from = at;
    at = bare.lastIndex;
    skip();
    const after = text.charCodeAt(at);
    if (after === 40 /* ( */ && /date/i.test(word[0])) {
      const end = text.indexOf(")", at);
      if (frame === root || end < 0 || end - at > 80) return false;
      push("word", sliceView(viewOf(text), from, end + 1), valueAround());
      at = end + 1;
      continue;
    }
    if (after === 40 /* ( */) {
      // `Customer(name='x')`: the constructor's name is what encloses its members.
      if (frame === root && found > 0) return false;
      const parents = [...(valueAround().parents ?? []), ...(frame.key === undefined ? [] : [frame.key]), word[0]];
      stack.push(frame);
      frame = { close: 41, map: true, parents, siblings: [], pointer: childPointer(), members: [], key: undefined, index: 0, dropFrom: -1 };
      at += 1;
      continue;
    }
    if (frame === root) return false;
    const isMember = frame.key === undefined && (after === 61 || (frame.map && after === 58));
    if (isMember) {
      push("key", sliceView(viewOf(text), from, from + word[0].length), { parents: frame.parents, siblings: frame.siblings });
      named(word[0]);
      continue;
    }
    if (!/^(?:true|false|null|None|True|False|undefined|NaN|Infinity)$/.test(word[0])) {
      if (after !== frame.close && after !== 44 && after !== 39 && after !== 34 && at < text.length) return false;
      // `b'…'`, `u"…"`: the string follows.
      if (after !== 39 && after !== 34) push("word", sliceView(viewOf(text), from, from + word[0].length), valueAround());
    }
  }
  while (frame !== root) {
    endMember(text.length);
    close();
  }
  return found > 0 || text.trim().length <= 4;
}

const sourceAt = (view: View, offset: number): number =>
  view.marks === undefined ? view.base + offset : (view.marks[offset] ?? 0);

/** Strings that hold data themselves are one level deeper. */
const nested = (text: string): number => (/^[\s\ufeff]*[{["(]/.test(text) ? 1 : 0);

export const pointerName = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

function pairMembers(frame: Frame): void {
  if (!frame.map || frame.members.length < 2) return;
  const name = frame.members.find((leaf) => leaf.role === "string" && nameMember.test(leaf.key ?? ""));
  if (name === undefined || name.view.text.length > 64) return;
  for (const leaf of frame.members)
    if (leaf !== name && leaf.key !== undefined && valueMember.test(leaf.key)) leaf.key = name.view.text;
}

/** Where a string that opens at `open` ends: the closing quote, or the end of the text. */
function readString(text: string, open: number): { readonly end: number } {
  const plain = text.charCodeAt(open) === 34 ? string2 : string1;
  let at = open + 1;
  for (;;) {
    plain.lastIndex = at;
    plain.exec(text);
    at = plain.lastIndex;
    if (at >= text.length) return { end: text.length };
    if (text.charCodeAt(at) !== 92) return { end: at };
    at += 2;
    if (at >= text.length) return { end: text.length };
  }
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", '"': '"', "\\": "\\", "/": "/", "'": "'", "\n": "" };

/** The decoded view of a string body. An escape maps to where it starts, so a splice never cuts through one. */
function unescape(text: string, start: number, end: number): View {
  const raw = text.slice(start, end);
  if (!raw.includes("\\")) return { text: raw, base: start };
  const marks: number[] = [];
  let out = "";
  let from = 0;
  for (let slash = raw.indexOf("\\"); slash >= 0; slash = raw.indexOf("\\", from)) {
    for (let i = from; i < slash; i += 1) marks.push(start + i);
    out += raw.slice(from, slash);
    const kind = raw[slash + 1] ?? "";
    const width = kind === "u" ? 4 : kind === "x" ? 2 : kind === "U" ? 8 : 0;
    const hex = raw.slice(slash + 2, slash + 2 + width);
    const known = escapes[kind];
    if (width > 0 && hex.length === width && /^[0-9a-fA-F]+$/.test(hex) && Number.parseInt(hex, 16) <= 0x10ffff) {
      const char = width === 4 ? String.fromCharCode(Number.parseInt(hex, 16)) : String.fromCodePoint(Number.parseInt(hex, 16));
      for (let i = 0; i < char.length; i += 1) marks.push(start + slash);
      out += char;
      from = slash + 2 + width;
    } else if (known !== undefined) {
      for (let i = 0; i < known.length; i += 1) marks.push(start + slash);
      out += known;
      from = slash + 2;
    } else {
      marks.push(start + slash);
      out += "\\";
      from = slash + 1;
    }
  }
  for (let i = from; i < raw.length; i += 1) marks.push(start + i);
  out += raw.slice(from);
  marks.push(end);
  return { text: out, base: 0, marks };
}
