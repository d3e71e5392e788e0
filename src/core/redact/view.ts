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
  if (view.marks === undefined) return { text, base: view.base + start };
  return { text, base: 0, marks: Array.prototype.slice.call(view.marks, start, end + 1) as number[] };
}

/** A view of a view, as a view of the first one's source. `inner` maps offsets into `outer.text`. */
export function compose(outer: View, inner: View): View {
  if (outer.marks === undefined) {
    if (outer.base === 0) return inner;
    if (inner.marks === undefined) return { text: inner.text, base: outer.base + inner.base };
  }
  const marks = new Int32Array(inner.text.length + 1);
  for (let i = 0; i < marks.length; i += 1) marks[i] = sourceOf(outer, sourceOf(inner, i));
  return { text: inner.text, base: 0, marks };
}
