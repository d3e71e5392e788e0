import { isDropped, partOfName, senseOfKey } from "./keys.ts";
import { extent, isChunk, limits, mayHoldData, type Around, type Job, type Leaf, type Trail } from "./leaf.ts";
import { ownCopy } from "./own.ts";
import { endOfString, unescape } from "./strings.ts";
import { compose, sliceView, sourceOf, viewOf, type View } from "./view.ts";

/** An object, array, tuple or constructor that is open. */
type Frame = {
  readonly close: number;
  readonly map: boolean;
  readonly parents: readonly string[];
  readonly siblings: string[];
  readonly trail: Trail | undefined;
  /** Leaves of string and number members, to pair `{name, value}`. */
  readonly members: Leaf[];
  /** The member whose value comes next. */
  key: string | undefined;
  keyAt: readonly [number, number];
  index: number;
  /** The string before, where it could be a name. */
  lastString: string | undefined;
  /** Where the value of a member that is never kept begins. */
  dropFrom: number;
  /** It has a member that may say what another one is. */
  paired: boolean;
};

const blank = /[\s\ufeff]*/y;
const number = /-?(?:\d[\d_]*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const bare = /[A-Za-z_$][\w.$-]*/y;
const literal = /^(?:true|false|null|None|True|False|undefined|NaN|Infinity)$/;

/**
 * Reads JSON and what resembles it (Python's repr, a JavaScript literal, several documents in a row, one cut off anywhere) from
 * `start` on and adds its leaves; strings go back to `take`. False where the text is no data after all; what was added then does not count. One pass.
 */
export function readData(job: Job, start: number, take: (inner: Job) => void): boolean {
  const { text } = job.view;
  const { leaves, tooDeep, dropped } = job.into;
  const pointers = job.level === 0 && job.around.pointers === true;
  const root = frameOf({ close: 0, map: false, parents: job.around.parents ?? [], trail: undefined });
  const stack: Frame[] = [];
  let frame = root;
  let at = start;
  let found = 0;

  const skip = (): number => {
    let code = text.charCodeAt(at);
    if (code > 32 && code < 128) return code;
    while (code === 32 || (code >= 9 && code <= 13)) code = text.charCodeAt((at += 1));
    if (code < 128) return code;
    // Blanks of other scripts.
    blank.lastIndex = at;
    blank.test(text);
    at = blank.lastIndex;
    return text.charCodeAt(at);
  };
  /** The first backslash that was not passed yet. */
  let slash = -1;
  /** Reads the string that opens here. Most hold no escape, and end at the next quote. */
  const stringAt = (open: number): View => {
    const quote = text.charCodeAt(open) === 34 ? text.indexOf('"', open + 1) : text.indexOf("'", open + 1);
    let end = quote < 0 ? text.length : quote;
    if (slash <= open) slash = text.indexOf("\\", open + 1);
    if (slash < 0) slash = text.length;
    const plain = slash >= end;
    if (!plain) end = endOfString(text, open);
    at = Math.min(text.length, end + 1);
    return plain ? { text: text.slice(open + 1, end), base: open + 1 } : unescape(text, open + 1, end);
  };
  const around = (): Around => (frame === root ? { ...job.around, pointers: false } : { key: frame.map ? frame.key : (frame.key ?? frame.parents.at(-1)), parents: frame.parents, siblings: frame.siblings });
  const trail = (): Trail | undefined => {
    if (!pointers || frame === root) return undefined;
    return frame.map ? { up: frame.trail, name: frame.key ?? "", at: frame.keyAt[0], end: frame.keyAt[1] } : { up: frame.trail, name: String(frame.index), at: -1, end: -1 };
  };
  const homeOf = (view: View): Job["home"] => {
    if (!pointers) return job.home;
    const [from, end] = extent(view);
    return { trail: trail(), start: from, end };
  };
  const push = (role: Leaf["role"], inner: View, place: Around): Leaf => {
    const view = compose(job.view, inner);
    const leaf: Leaf = { view, role, key: place.key, parents: place.parents ?? [], siblings: place.siblings ?? [], home: homeOf(view) };
    leaves.push(leaf);
    found += 1;
    return leaf;
  };
  const open = (close: number, map: boolean, name?: string): void => {
    const here = frame;
    const names = [...(frame === root && job.around.key !== undefined ? [job.around.key] : []), ...(frame.map && frame.key !== undefined ? [frame.key] : []), ...(name === undefined ? [] : [name])];
    stack.push(here);
    frame = frameOf({ close, map, parents: names.length === 0 ? here.parents : [...here.parents, ...names], trail: trail() });
    at += 1;
  };
  const member = (view: View): void => {
    const name = nameOf(view.text);
    const { text: key } = name;
    frame.key = key;
    frame.keyAt = pointers ? extent(compose(job.view, view)) : none;
    if (!pointers && name.small) {
      found += 1;
      job.into.names.add(key);
      if (job.into.wanted?.name === key) job.into.wanted.places.push(sourceOf(job.view, sourceOf(view, 0)));
    } else push("key", view, { parents: frame.parents, siblings: frame.siblings });
    frame.siblings.push(key);
    frame.paired ||= name.pairs;
    job.into.persons ||= name.person;
    at += 1;
    if (name.dropped) frame.dropFrom = at;
  };
  const endMember = (end: number): void => {
    if (frame.dropFrom < 0) return;
    const value = text.slice(frame.dropFrom, end);
    if (!/^\s*(?:null|None)?\s*$/.test(value.slice(0, 12))) dropped.push([sourceOf(job.view, frame.dropFrom + value.length - value.trimStart().length), sourceOf(job.view, end)]);
    frame.dropFrom = -1;
  };
  const close = (): void => {
    pairMembers(frame);
    const { map, members } = frame;
    frame = stack.pop() ?? root;
    // `{key: "password", value: {stringValue: "x"}}`, as OTLP has it.
    if (map && frame.map && frame.key === "value") frame.members.push(...members.filter(({ key }) => /^(?:string|int)_?value$/i.test(key ?? "")));
  };

  while (at < text.length) {
    const code = skip();
    if (at >= text.length) break;
    if (code === 44 /* , */) {
      if (frame === root) return false;
      endMember(at);
      at += 1;
      frame.index += 1;
      frame.key = undefined;
    } else if (frame !== root && code === frame.close) {
      endMember(at);
      at += 1;
      close();
    } else if (code === 91 && isPlaceholder(text, at)) {
      // `{id=[USER_ID]`: what stands for a value, no list.
      if (frame === root) return false;
      push("word", sliceView(viewOf(text), at, placeholder.lastIndex), around());
      at = placeholder.lastIndex;
      const after = skip();
      if (after !== frame.close && after !== 44 && at < text.length) return false;
    } else if (code === 123 || code === 91 || code === 40) {
      if (stack.length >= limits.depth) {
        tooDeep.push(extent(job.view));
        return true;
      }
      open(code === 123 ? 125 : code === 91 ? 93 : 41, code === 123);
    } else if (code === 34 || code === 39) {
      if (code === 39 && frame === root) return false;
      const inner = stringAt(at);
      if (skip() === 58 /* : */ && frame.map && frame.key === undefined) {
        member(inner);
        continue;
      }
      const view = compose(job.view, inner);
      if (frame.map && frame.close === 125 && frame.key !== undefined && !mayHoldData(inner.text)) {
        // Most strings: a member's value, and nothing to take apart.
        const leaf: Leaf = { view, role: "string", key: frame.key, parents: frame.parents, siblings: frame.siblings, home: pointers ? homeOf(view) : job.home };
        leaves.push(leaf);
        found += 1;
        frame.members.push(leaf);
        continue;
      }
      const before = leaves.length;
      const place = around();
      // `setProperty("TOKEN", "…")`, `["authorization", "…"]`: a name, then its value.
      const named = (frame.map && frame.close !== 41) || frame.key !== undefined || !/\d/.test(inner.text) || (place.key !== undefined && isChunk(place.key)) ? undefined : frame.lastString;
      frame.lastString = !frame.map || frame.close === 41 ? nameIn(inner.text) : undefined;
      if (!mayHoldData(inner.text)) {
        const leaf: Leaf = { view, role: "string", key: named ?? place.key, parents: place.parents ?? [], siblings: place.siblings ?? [], home: homeOf(view) };
        leaves.push(leaf);
        found += 1;
        if (frame.map) frame.members.push(leaf);
        continue;
      }
      take({ view, around: named === undefined ? place : { ...place, key: named }, level: job.level + (frame === root || mayHoldData(inner.text) ? 1 : 0), home: homeOf(view), into: job.into });
      found += 1;
      const only = leaves.length === before + 1 ? leaves[before] : undefined;
      if (only === undefined) continue;
      if (only.role === "text") leaves[before] = { ...only, role: "string" };
      if (frame.map && leaves[before] !== undefined) frame.members.push(leaves[before]);
    } else if ((code >= 48 && code <= 57) || code === 45) {
      number.lastIndex = at;
      if (frame === root || !number.test(text)) return false;
      const view = sliceView(viewOf(text), at, number.lastIndex);
      at = number.lastIndex;
      if (skip() === 58 && frame.map && frame.key === undefined) member(view);
      // A vector has thousands of fractions, and none of them says anything.
      else if (frame.map) frame.members.push(push("number", view, around()));
      else if (!view.text.includes(".")) push("number", view, around());
    } else {
      bare.lastIndex = at;
      if (!bare.test(text)) return false;
      const word = text.slice(at, bare.lastIndex);
      const view = sliceView(viewOf(text), at, at + word.length);
      at += word.length;
      const after = skip();
      if (after === 40 /* ( */) {
        // `Customer(name='x')`: the constructor's name encloses its members; `datetime.date(1990, 4, 5)` is one value.
        const end = /date/i.test(word) ? text.indexOf(")", at) : -1;
        if (end > 0 && end - at < 80 && frame !== root) {
          push("word", sliceView(viewOf(text), view.base, end + 1), around());
          at = end + 1;
        } else if ((frame === root && found > 0) || stack.length >= limits.depth) return false;
        else open(41, true, word);
      } else if (frame === root) return false;
      else if (frame.key === undefined && (after === 61 || (frame.map && after === 58))) member(view);
      else if (!literal.test(word) && after !== 39 && after !== 34) {
        // (`b'…'`, `u"…"`: the string follows.)
        if (after !== frame.close && after !== 44 && at < text.length) return false;
        push("word", view, around());
      }
    }
  }
  while (frame !== root) {
    endMember(text.length);
    close();
  }
  return found > 0 || text.trim().length <= 4;
}

const none: readonly [number, number] = [0, 0];
const frameOf = ({ close, map, parents, trail }: Pick<Frame, "close" | "map" | "parents" | "trail">): Frame => ({ close, map, parents, trail, siblings: [], members: [], key: undefined, keyAt: none, index: 0, lastString: undefined, dropFrom: -1, paired: false });

const placeholder = /\[[A-Z][A-Z0-9_]{1,31}(?::[a-z2-7]{16})?\]/y;
function isPlaceholder(text: string, at: number): boolean {
  placeholder.lastIndex = at;
  return placeholder.test(text);
}

/** A string that names what comes after it (`TOKEN`, `--password`). */
function nameIn(text: string): string | undefined {
  if (text.length > 64 || !/^[A-Za-z_-][\w .-]*$/.test(text)) return undefined;
  const name = text.replace(/^-+/, "");
  return senseOfKey({ key: name, parents: [], siblings: [] }) === undefined ? undefined : name;
}

const nameMember = /^(?:name|key|field|label|header|attribute|param|parameter|property|id|variable)$/i;
const valueMember = /^(?:value|val|content|text|data|default|answer|(?:string|int)_?value|input)$/i;

/** What a member's name says to a reader. `text`: one string for all that read so, which is quick to look up elsewhere. */
type Name = { readonly text: string; /** A small word. */ readonly small: boolean; /** Its value is never kept. */ readonly dropped: boolean; /** Its value may say what another member is. */ readonly pairs: boolean; /** Its value is part of a person's name. */ readonly person: boolean };

const names = new Map<string, Name>();
function nameOf(text: string): Name {
  const known = names.get(text);
  if (known !== undefined) return known;
  const own = ownCopy(text);
  const made: Name = { text: own, small: /^[a-z_]{1,39}$/.test(own), dropped: isDropped(own), pairs: nameMember.test(own) || kindMember.test(own), person: partOfName(own) !== undefined };
  if (names.size > 20_000) names.clear();
  if (own.length <= 64) names.set(own, made);
  return made;
}

/** Members that say of what kind `value` is: FHIR's systems and contact points, forms. */
const kindMember = /^(?:system|type)$/i;

/** `{name: "password", value: "x"}`: the value's name is what `name` says; so is `{system: "urn:oid:mrn", value: "x"}`. */
function pairMembers({ map, members, paired }: Frame): void {
  if (!map || !paired || members.length < 2) return;
  for (const leaf of members) {
    const named = leaf.role === "string" && nameMember.test(leaf.key ?? "");
    const name = named ? nameIn(leaf.view.text) : leaf.role === "string" && kindMember.test(leaf.key ?? "") ? kindIn(leaf.view.text) : undefined;
    if (name === undefined) continue;
    for (const value of members) if (value !== leaf && value.key !== undefined && (named ? valueMember : /^val(?:ue)?$/i).test(value.key)) value.key = name;
    return;
  }
}

/** The last part of a name with colons or slashes (`urn:mrn`, `http://hl7.org/fhir/sid/us-ssn`) where it means something. What a token is to a parser is no secret. */
function kindIn(text: string): string | undefined {
  const name = nameIn(text.length > 200 ? "" : (/[^:/#|]+$/.exec(text)?.[0] ?? ""));
  return name === undefined || (senseOfKey({ key: name, parents: [], siblings: [] })?.kind === "SECRET" && !/[_\s-]|[a-z][A-Z]/.test(name)) ? undefined : name;
}
