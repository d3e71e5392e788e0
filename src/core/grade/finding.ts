import { clip, oneLine } from "../base/text.ts";

/** What one check saw, before it is turned around by `not`. */
export type Finding = { readonly result: "pass" | "fail" | "ungraded"; readonly found: string; readonly span_id?: string | undefined };

export const finding = (ok: boolean, found: string, span_id?: string): Finding => ({ result: ok ? "pass" : "fail", found, span_id });
export const ungraded = (why: string): Finding => ({ result: "ungraded", found: why });

/** Trace text as a report may hold it: one harmless line, at most `width` columns. */
export const brief = (text: string, width = 80): string => clip(oneLine(text.slice(0, width * 8)), width);

/** `1 call`, `2 calls`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
