import { CasebookError } from "../../core/base/error.ts";
import { ask, type Api } from "./client.ts";
import { follow, listIn, textIn, type Page, type Pager, type Window } from "./pages.ts";

/** Phoenix spans, `GET /v1/projects/{project}/spans`, newest first. A cursor the server no longer knows (422) starts the window again. */
export function phoenixPages(api: Api, { project, window, limit }: { readonly project: string; readonly window: Window; readonly limit: number }): Pager {
  if (/[/?#]/.test(project)) throw new CasebookError("usage", "Phoenix cannot be asked for a project with / ? or # in its name.", { hint: "Give the project's id instead, from GET /v1/projects." });
  const page = async (cursor: string | undefined): Promise<Page> => {
    const query = new URLSearchParams({ limit: String(limit), start_time: window.from, end_time: window.to, ...(cursor === undefined ? {} : { cursor }) });
    const answer = await ask(api, { path: `/v1/projects/${encodeURIComponent(project)}/spans?${query.toString()}` });
    const { status, json } = answer;
    if (status === 404) throw new CasebookError("usage", `Phoenix has no project named ${JSON.stringify(project)}.`, { hint: "Give --project (or PHOENIX_PROJECT_NAME) as its name or id, as the web page of the project shows it." });
    if (status === 422 && cursor !== undefined) return page(undefined);
    return { value: json, rows: listIn(answer, "data", "GET /v1/projects/…/spans").length, next: textIn(json, "next_cursor") };
  };
  return (cursor) => follow(page, cursor);
}
