import { CasebookError } from "../../core/base/error.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import { ask, type Api } from "./client.ts";
import { follow, listIn, textIn, type Page, type Pager, type Window } from "./pages.ts";

/** Asked for by name: without `selects` the endpoint answers ids only. */
const selects = [
  "ID", "NAME", "RUN_TYPE", "STATUS", "START_TIME", "END_TIME", "ERROR", "EXTRA", "METADATA", "INPUTS", "OUTPUTS", "PARENT_RUN_IDS", "PROJECT_ID",
  "TRACE_ID", "THREAD_ID", "DOTTED_ORDER", "IS_ROOT", "TAGS", "TOTAL_TOKENS", "PROMPT_TOKENS", "COMPLETION_TOKENS",
];

/** The id of a LangSmith project: itself where it is one, else looked up by name. Throws `usage` where there is none. */
export async function langsmithProject(api: Api, project: string): Promise<string> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(project)) return project;
  const { json } = await ask(api, { path: `/api/v1/sessions?${new URLSearchParams({ name: project }).toString()}` });
  const found = Array.isArray(json) ? (json as readonly Json[]).find((one) => textIn(one, "name") === project) : undefined;
  const id = found === undefined ? null : textIn(found, "id");
  if (id === null) throw new CasebookError("usage", `LangSmith has no project named ${JSON.stringify(project)}.`, { hint: "Give --project (or LANGSMITH_PROJECT) as its name or its id, as the web page of the project shows it." });
  return id;
}

/**
 * LangSmith runs, `POST /api/v2/runs/query`, always with its window (the default is one day) and fields. Where the server
 * answers 404 or 501 the older `/api/v1/runs/query` is asked instead. A cursor it no longer knows (422) starts the window again.
 */
export function langsmithPages(api: Api, { project, window, limit }: { readonly project: string; readonly window: Window; readonly limit: number }): Pager {
  const page = async (cursor: string | undefined): Promise<Page> => {
    if (cursor?.startsWith(legacy)) return legacyPage(api, { project, window, cursor: cursor.slice(legacy.length) });
    const body = { project_ids: [project], min_start_time: window.from, max_start_time: window.to, selects, page_size: limit, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await ask(api, { path: "/api/v2/runs/query", method: "POST", body });
    const { status, json } = answer;
    if (status === 404 || status === 501) return legacyPage(api, { project, window, cursor: "" });
    if (status === 422 && cursor !== undefined) return page(undefined);
    return { value: json, rows: listIn(answer, "items", "POST /api/v2/runs/query").length, next: textIn(json, "next_cursor") };
  };
  return (cursor) => follow(page, cursor);
}

const legacy = "v1:";

async function legacyPage(api: Api, { project, window, cursor }: { readonly project: string; readonly window: Window; readonly cursor: string }): Promise<Page> {
  const body = { session: [project], start_time: window.from, end_time: window.to, limit: 100, order: "asc", ...(cursor === "" ? {} : { cursor }) };
  const answer = await ask(api, { path: "/api/v1/runs/query", method: "POST", body });
  const rows = listIn(answer, "runs", "POST /api/v1/runs/query");
  const { json } = answer;
  const next = isObject(json) && isObject(json["cursors"]) ? json["cursors"]["next"] : null;
  return { value: json, rows: rows.length, next: typeof next === "string" && next !== "" ? `${legacy}${next}` : null };
}
