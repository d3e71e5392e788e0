import type { Layout } from "./layout.ts";

/** The part of a layout that is on screen: rows `top` up to `top + height`. All pure. */
export type Window = { readonly top: number; readonly height: number };

const bound = (top: number, { total }: Layout, height: number): number => Math.max(0, Math.min(top, total - height));

const endOf = ({ starts, total }: Layout, block: number): number => starts[block + 1] ?? total;

/**
 * Moves the window so that a block is in it: as little as possible for one that is partly in view, to a third from the top for
 * one that is not (so that what led there and what follows are seen). One taller than the window is shown from its head.
 */
export function follow({ top, height }: Window, layout: Layout, block: number): Window {
  const start = layout.starts[block] ?? 0;
  const end = endOf(layout, block);
  if (start >= top + height || end <= top) {
    const third = Math.min(start - Math.floor(height / 3), start);
    return { top: bound(end - start > height ? start : Math.max(third, end - height), layout, height), height };
  }
  const down = end > top + height ? Math.min(start, end - height) : top;
  return { top: bound(start < down ? start : down, layout, height), height };
}

/** Scrolls by rows, inside the bounds. */
export const scroll = ({ top, height }: Window, layout: Layout, by: number): Window => ({ top: bound(top + by, layout, height), height });

/** The block the cursor should be on after scrolling: the same one while any of it is in view, else the first or last in view. */
export function blockInView({ top, height }: Window, layout: Layout, block: number): number {
  const inView = (one: number): boolean => (layout.starts[one] ?? 0) < top + height && endOf(layout, one) > top;
  if (inView(block)) return block;
  const seen = layout.starts.map((_, index) => index).filter(inView);
  return (seen[0] ?? 0) > block ? (seen[0] ?? 0) : (seen.at(-1) ?? block);
}
