import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import type { Api } from "../../../src/adapters/http/client.ts";
import { langfusePages } from "../../../src/adapters/http/langfuse.ts";
import { langsmithPages, langsmithProject } from "../../../src/adapters/http/langsmith.ts";
import type { Page, Pager } from "../../../src/adapters/http/pages.ts";
import { phoenixPages } from "../../../src/adapters/http/phoenix.ts";
import { apiResponses } from "../../../src/adapters/http/responses.ts";
import { json, serve } from "../../support/server.ts";

const window = { from: "2026-08-22T00:00:00.000Z", to: "2026-08-23T00:00:00.000Z" };
const project = "6f0f1b5e-0000-4000-8000-000000000001";
const api = (base: string): Api => ({ base, maxWait: 1, attempts: 2, secret: { header: "authorization", value: "x", variable: "V" } });
const all = async (pager: Pager, cursor?: string): Promise<Page[]> => {
  const pages: Page[] = [];
  for await (const page of pager(cursor)) pages.push(page);
  return pages;
};

test("Langfuse is asked for content and for its window, page by page, and an empty page with a cursor is no end", async () => {
  const { base, seen } = await serve((_, response, index) => json(response, { data: index === 1 ? [] : [{ id: index }], meta: index < 2 ? { cursor: `c${index}` } : {} }));
  const pages = await all(langfusePages(api(base), window, 1000));
  expect(pages.map((page) => [page.rows, page.next])).toEqual([[1, "c0"], [0, "c1"], [1, null]]);
  const query = new URL(seen[1]?.path ?? "", base).searchParams;
  expect(Object.fromEntries(query)).toMatchObject({ fields: expect.stringContaining("io"), limit: "1000", fromStartTime: window.from, toStartTime: window.to, cursor: "c0" });
});

test("an older Langfuse (404) is asked for traces one by one, and goes on from a page number", async () => {
  const { base, seen } = await serve((one, response) => {
    const url = new URL(one.path, "http://x");
    if (url.pathname.endsWith("/observations")) json(response, {}, 404);
    else if (url.pathname.endsWith("/traces")) json(response, { data: [{ id: `t${url.searchParams.get("page")}` }], meta: { totalPages: 2 } });
    else json(response, { id: url.pathname.split("/").at(-1), observations: [] });
  });
  const pages = await all(langfusePages(api(base), window, 1000));
  expect(pages.map((page) => page.value)).toEqual([
    { data: [{ id: "t1", observations: [] }], meta: {} },
    { data: [{ id: "t2", observations: [] }], meta: {} },
  ]);
  seen.length = 0;
  expect(await all(langfusePages(api(base), window, 1000), "legacy-page:2")).toHaveLength(1);
  expect(seen.map((one) => new URL(one.path, base).pathname)).toEqual(["/api/public/traces", "/api/public/traces/t2"]);
});

test("LangSmith is asked for its fields and window; an empty next_cursor is the end", async () => {
  const { base, seen } = await serve((_, response, index) => json(response, { items: [{ id: "r" }], next_cursor: index === 0 ? "n" : "" }));
  expect(await all(langsmithPages(api(base), { project, window, limit: 100 }))).toHaveLength(2);
  expect(JSON.parse(seen[1]?.body ?? "")).toMatchObject({ project_ids: [project], min_start_time: window.from, max_start_time: window.to, cursor: "n", selects: expect.arrayContaining(["INPUTS", "OUTPUTS"]) });
});

test.each([404, 501])("LangSmith without v2 (%i) is asked by v1", async (status) => {
  const { base, seen } = await serve((one, response, index) => (one.path.includes("/v2/") ? json(response, {}, status) : json(response, { runs: [{ id: "r" }], cursors: { next: index === 1 ? "n" : null } })));
  expect(await all(langsmithPages(api(base), { project, window, limit: 100 }))).toHaveLength(2);
  expect(JSON.parse(seen[2]?.body ?? "")).toMatchObject({ session: [project], start_time: window.from, cursor: "n" });
});

test("a LangSmith project is found by its name, and a name nobody has is the user's to fix", async () => {
  const { base } = await serve((_, response) => json(response, [{ name: "demo", id: project }]));
  expect(await langsmithProject(api(base), "demo")).toBe(project);
  expect(await langsmithProject(api(base), project)).toBe(project);
  await expect(langsmithProject(api(base), "other")).rejects.toMatchObject({ code: "usage" });
});

test("Phoenix starts its window again when a cursor is no longer known, and says when there is no such project", async () => {
  const { base, seen } = await serve((one, response) => (one.path.includes("cursor=old") ? json(response, { detail: "bad cursor" }, 422) : json(response, { data: [{}], next_cursor: null })));
  expect(await all(phoenixPages(api(base), { project: "default", window, limit: 1000 }), "old")).toHaveLength(1);
  expect(seen).toHaveLength(2);
  const missing = await serve((_, response) => json(response, {}, 404));
  await expect(all(phoenixPages(api(missing.base), { project: "x", window, limit: 1 }))).rejects.toMatchObject({ code: "usage" });
  expect(() => phoenixPages(api(base), { project: "a/b", window, limit: 1 })).toThrow("cannot be asked");
});

test("LangSmith starts its window again when a cursor is no longer known, and a request it refuses is said as that", async () => {
  const { base, seen } = await serve((one, response) => (one.body.includes('"cursor":"old"') ? json(response, {}, 422) : json(response, { items: [{ id: "r" }], next_cursor: "" })));
  expect(await all(langsmithPages(api(base), { project, window, limit: 100 }), "old")).toHaveLength(1);
  expect(seen).toHaveLength(2);
  const refusing = await serve((_, response) => json(response, {}, 422));
  for (const pager of [langsmithPages(api(refusing.base), { project, window, limit: 100 }), langfusePages(api(refusing.base), window, 10)])
    await expect(all(pager)).rejects.toMatchObject({ code: "remote", message: expect.stringContaining("answered 422") });
});

test("a trace that was deleted while an older Langfuse was read is passed over; one that cannot be had stops the pull", async () => {
  const answer = (status: number) => serve((one, response) => (one.path.includes("/v2/") ? json(response, {}, 404) : one.path.includes("/traces?") ? json(response, { data: [{ id: "t1" }, { id: "t2" }], meta: { totalPages: 1 } }) : one.path.endsWith("t1") ? json(response, {}, status) : json(response, { id: "t2", observations: [] })));
  const gone = await answer(404);
  expect((await all(langfusePages(api(gone.base), window, 10))).map(({ rows }) => rows)).toEqual([1]);
  const refused = await answer(422);
  await expect(all(langfusePages(api(refused.base), window, 10))).rejects.toMatchObject({ message: expect.stringContaining("answered 422") });
});

test.each([
  ["a web page", (response: ServerResponse) => response.writeHead(404, { "content-type": "text/html" }).end("<p>no")],
  ["another API", (response: ServerResponse) => json(response, { detail: "Not Found" }, 404)],
  ["a refusal", (response: ServerResponse) => json(response, { error: { message: "no" } }, 422)],
])("%s is no word of the Responses API, so nothing is taken for gone", async (_, answer) => {
  const { base } = await serve((__, response) => { answer(response); });
  await expect(apiResponses(api(base), 1000).read("resp_1")).rejects.toMatchObject({ code: "remote", hint: expect.stringContaining("--base-url") });
});

test("a base URL that ends in /v1, as the SDKs write it, is the same API", async () => {
  const { base, seen } = await serve((_, response) => json(response, { error: { message: "no such response" } }, 404));
  for (const end of ["", "/", "/v1", "/v1/"]) expect(await apiResponses(api(base + end), 1000).read("resp_1")).toBe("gone");
  expect(new Set(seen.map(({ path }) => path))).toEqual(new Set(["/v1/responses/resp_1"]));
});

test("a cursor that comes back stops the pull, with what was read already handed over", async () => {
  const { base } = await serve((_, response) => json(response, { data: [{}], next_cursor: "same" }));
  const read: Page[] = [];
  const pulled = (async () => {
    for await (const page of phoenixPages(api(base), { project: "p", window, limit: 1 })(undefined)) read.push(page);
  })();
  await expect(pulled).rejects.toMatchObject({ code: "remote", message: expect.stringContaining("same cursor twice") });
  expect(read).toHaveLength(2);
});

test("an answer of another shape is an error, not an empty pull", async () => {
  const { base } = await serve((_, response) => json(response, { error: "x" }));
  await expect(all(langfusePages(api(base), window, 1))).rejects.toMatchObject({ code: "remote", message: expect.stringContaining('no list "data"') });
});
