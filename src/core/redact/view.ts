/**
 * Text as a detector sees it, and the way back to the text it was made from. Decoding (a JSON string inside a JSON
 * string, an HTML entity, a zero-width space) changes lengths, so a view maps each of its offsets to the source.
 */
export type View = Way & { readonly text: string };

/** The way from a text back to the one it was made from. */
export type Way = {
  /** Source offset of unit 0 where the view is a plain slice. Unused when `marks` is there. */
  readonly base: number;
  /** Source offset of each unit, and of the end: `text.length + 1` numbers. */
  readonly marks?: ArrayLike<number>;
};

/** A text as its own view. */
export const viewOf = (text: string): View => ({ text, base: 0 });

/** Where in the source a unit of the view begins; `offset` may be the view's length. */
export const sourceOf = (view: Way, offset: number): number =>
  view.marks === undefined ? view.base + offset : (view.marks[offset] ?? 0);

/** A slice of a view. */
export function sliceView(view: View, start: number, end: number): View {
  const text = view.text.slice(start, end);
  return view.marks === undefined ? { text, base: view.base + start } : { text, base: 0, marks: part(view.marks, start, end + 1) };
}

/** A view of a view, as a view of the first one's source. `inner` maps offsets into `outer.text`. */
export function compose(outer: View, inner: View): View {
  const { text, base, marks } = inner;
  if (outer.marks === undefined) {
    if (outer.base === 0) return inner;
    if (marks === undefined) return { text, base: outer.base + base };
  } else if (marks === undefined) return { text, base: 0, marks: part(outer.marks, base, base + text.length + 1) };
  return { text, base: 0, marks: mapped(marks ?? [], outer) };
}

/** Offsets that lead on by another way. */
export function mapped(marks: ArrayLike<number>, way: Way): Int32Array {
  const out = new Int32Array(marks.length);
  for (let i = 0; i < out.length; i += 1) out[i] = sourceOf(way, marks[i] ?? 0);
  return out;
}

export const part = (marks: ArrayLike<number>, start: number, end: number): ArrayLike<number> => (marks instanceof Int32Array ? marks.subarray(start, end) : (Array.prototype.slice.call(marks, start, end) as number[]));
