import { CasebookError } from "../../core/base/error.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import type { Answered } from "./client.ts";

/** One answered page: the JSON as the vendor sent it, how many records it held, and how to ask for the next (null: the end). */
export type Page = { readonly value: Json; readonly rows: number; readonly next: string | null };

/** What to pull: records that started in [from, to), both ISO times in UTC. */
export type Window = { readonly from: string; readonly to: string };

/** Asks for pages from `cursor` on (undefined: from the start of the window). */
export type Pager = (cursor: string | undefined) => AsyncIterable<Page>;

/** More pages than any real window has. Above it, something is wrong on the other side. */
const maxPages = 100_000;

/**
 * Follows cursors until there is none. An empty page with a cursor is followed; a cursor that comes back is a fault of the
 * server and stops the pull with what was read kept; so does the page cap.
 */
export async function* follow(fetchPage: (cursor: string | undefined) => Promise<Page>, cursor?: string): AsyncIterable<Page> {
  const asked = new Set<string>();
  let at = cursor;
  for (let count = 0; count < maxPages; count += 1) {
    if (at !== undefined) {
      if (asked.has(at))
        throw new CasebookError("remote", `The server gave the same cursor twice, after ${count} pages.`, {
          hint: "What was read is kept. Pull a shorter window with --since and --until, or try again later.",
        });
      asked.add(at);
    }
    const page = await fetchPage(at);
    yield page;
    if (page.next === null || page.next === "") return;
    at = page.next;
  }
  throw new CasebookError("remote", `Stopped after ${maxPages} pages.`, { hint: "Pull a shorter window with --since and --until." });
}

/** An array member of an answer, or an error that says it was refused, or is of another shape. */
export function listIn({ status, json: value }: Answered, member: string, place: string): readonly Json[] {
  if (status > 299) throw new CasebookError("remote", `${place}: answered ${status}.`, { hint: "Is the base URL that of the API, and the project one of its?" });
  const list = isObject(value) ? value[member] : undefined;
  if (!Array.isArray(list))
    throw new CasebookError("remote", `${place}: the answer has no list "${member}".`, { hint: "Is the base URL that of the API, and its version one we know?" });
  return list as readonly Json[];
}

/** A text member of an answer, or null. */
export const textIn = (value: Json | undefined, member: string): string | null =>
  isObject(value) && typeof value[member] === "string" && value[member] !== "" ? value[member] : null;
