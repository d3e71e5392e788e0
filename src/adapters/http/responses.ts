import { setTimeout as sleep } from "node:timers/promises";
import { CasebookError } from "../../core/base/error.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import type { ResponseReader } from "../../core/ports.ts";
import { ask, type Api } from "./client.ts";
import { listIn } from "./pages.ts";

/**
 * Stored Responses of the API: `GET /v1/responses/{id}` and its `/input_items`, oldest first, at most `rate` requests a second.
 * 404 in the API's own words (not stored, or older than its retention) is `gone`. Errors are those of `ask`. A base URL may end
 * in `/v1`, as the SDKs write it.
 */
export function apiResponses({ base, ...rest }: Api, rate: number): ResponseReader {
  const api: Api = { ...rest, base: base.replace(/\/v1\/*$/, "") };
  let next = 0;
  const paced = async (path: string): ReturnType<typeof ask> => {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + 1000 / rate;
    if (at > now) await sleep(at - now);
    return ask(api, { path });
  };
  return {
    async read(id) {
      const path = `/v1/responses/${encodeURIComponent(id)}`;
      const { status, json } = await paced(path);
      if (status === 404 && isObject(json) && isObject(json["error"])) return "gone";
      // Remembered as gone it would never be asked for again: a wrong address must not look like that.
      if (status > 299 || !isObject(json)) throw new CasebookError("remote", `GET /v1/responses/…: answered ${status}, and not as the Responses API does.`, { hint: "Is --base-url that of an API that stores Responses?" });
      const items: Json[] = [];
      for (let after: string | undefined; ; ) {
        const page = await paced(`${path}/input_items?${new URLSearchParams({ limit: "100", order: "asc", ...(after === undefined ? {} : { after }) }).toString()}`);
        if (page.status === 404) break;
        const data = listIn(page, "data", "GET /v1/responses/…/input_items");
        items.push(...data);
        const last = isObject(page.json) ? page.json["last_id"] : undefined;
        if (!isObject(page.json) || page.json["has_more"] !== true || typeof last !== "string" || last === after || data.length === 0) break;
        after = last;
      }
      return { response: json, input: items };
    },
  };
}
