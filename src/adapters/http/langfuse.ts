import { CasebookError } from "../../core/base/error.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import { ask, type Api } from "./client.ts";
import { follow, listIn, textIn, type Page, type Pager, type Window } from "./pages.ts";

/**
 * Langfuse observations, `GET /api/public/v2/observations` with every field group that holds content (the default leaves
 * `io` out). Where the server answers 404 it is older than that endpoint: traces are listed and fetched one by one.
 */
export function langfusePages(api: Api, window: Window, limit: number): Pager {
  const v2 = (cursor: string | undefined): string =>
    `/api/public/v2/observations?${new URLSearchParams({
      fields: "core,basic,time,io,metadata,model,usage,prompt,trace_context",
      limit: String(limit),
      fromStartTime: window.from,
      toStartTime: window.to,
      ...(cursor === undefined ? {} : { cursor }),
    }).toString()}`;
  const page = async (cursor: string | undefined): Promise<Page> => {
    if (cursor?.startsWith(legacy)) return legacyPage(api, window, Number(cursor.slice(legacy.length)));
    const answer = await ask(api, { path: v2(cursor) });
    if (answer.status === 404) return legacyPage(api, window, 1);
    const { json } = answer;
    const rows = listIn(answer, "data", "GET /api/public/v2/observations");
    return { value: json, rows: rows.length, next: textIn(isObject(json) ? (json["meta"] as Json | undefined) : undefined, "cursor") };
  };
  return (cursor) => follow(page, cursor);
}

/** Marks a cursor of ours that is a page number of the older endpoint. */
const legacy = "legacy-page:";

async function legacyPage(api: Api, window: Window, number: number): Promise<Page> {
  const query = new URLSearchParams({ page: String(number), limit: "50", fromTimestamp: window.from, toTimestamp: window.to, orderBy: "timestamp.asc" });
  const answer = await ask(api, { path: `/api/public/traces?${query.toString()}` });
  const traces = listIn(answer, "data", "GET /api/public/traces");
  const { json } = answer;
  const whole: Json[] = [];
  for (const trace of traces) {
    const id = textIn(trace, "id");
    if (id === null) continue;
    const one = await ask(api, { path: `/api/public/traces/${encodeURIComponent(id)}` });
    // Deleted meanwhile.
    if (one.status === 404) continue;
    if (one.status > 299) throw new CasebookError("remote", `GET /api/public/traces/…: answered ${one.status}.`);
    whole.push(one.json);
  }
  const pages = isObject(json) && isObject(json["meta"]) ? json["meta"]["totalPages"] : 0;
  return { value: { data: whole, meta: {} }, rows: whole.length, next: typeof pages === "number" && number < pages ? `${legacy}${number + 1}` : null };
}
