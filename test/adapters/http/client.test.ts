import { expect, test } from "vitest";
import { ask, type Api } from "../../../src/adapters/http/client.ts";
import { checkBaseUrl } from "../../../src/core/base/endpoint.ts";
import { json, serve } from "../../support/server.ts";

const secret = { header: "authorization", value: "Bearer k", variable: "SOME_KEY" };
const quick = (base: string): Api => ({ base, secret, maxWait: 5, attempts: 4, idle: 300 });

test("429 and 5xx are tried again, and the answer in the end counts", async () => {
  const waits: string[] = [];
  const { base, seen } = await serve((_, response, index) => {
    if (index === 0) json(response, {}, 429, { "retry-after": "0" });
    else if (index === 1) json(response, {}, 503);
    else json(response, { ok: true });
  });
  expect(await ask({ ...quick(base), onWait: (_, why) => waits.push(why) }, { path: "/a?b=c" })).toEqual({ status: 200, json: { ok: true } });
  expect(waits).toEqual(["answered 429", "answered 503"]);
  expect(seen).toHaveLength(3);
});

test.each([400, 405, 410])("%i is not tried again", async (status) => {
  const { base, seen } = await serve((_, response) => json(response, { secret: "x" }, status));
  await expect(ask(quick(base), { path: "/a" })).rejects.toMatchObject({ code: "remote" });
  expect(seen).toHaveLength(1);
});

test.each([401, 403])("%i names the variable to set and is not tried again", async (status) => {
  const { base, seen } = await serve((_, response) => json(response, {}, status));
  await expect(ask(quick(base), { path: "/a" })).rejects.toMatchObject({ code: "remote", hint: expect.stringContaining("SOME_KEY") });
  expect(seen).toHaveLength(1);
});

test.each([404, 422, 501])("%i is the caller's to decide about", async (status) => {
  const { base } = await serve((_, response) => json(response, { detail: "no" }, status));
  expect(await ask(quick(base), { path: "/a" })).toEqual({ status, json: { detail: "no" } });
});

test("a redirect to another host is refused, and the key never gets there", async () => {
  const other = await serve((_, response) => json(response, {}));
  const { base } = await serve((_, response) => response.writeHead(302, { location: `${other.base}/stolen` }).end());
  await expect(ask(quick(base), { path: "/a" })).rejects.toMatchObject({ code: "remote", message: expect.stringContaining("another host") });
  expect(other.seen).toEqual([]);
});

test("a redirect on the same host is followed, in circles only so far", async () => {
  const { base } = await serve((seen, response) => (seen.path === "/a" ? response.writeHead(307, { location: "/b" }).end() : json(response, { at: seen.path })));
  expect((await ask(quick(base), { path: "/a" })).json).toEqual({ at: "/b" });
  const round = await serve((_, response) => response.writeHead(302, { location: "/a" }).end());
  await expect(ask(quick(round.base), { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("circles") });
});

test("an HTML page with status 200 is an error that says so", async () => {
  const { base } = await serve((_, response) => response.end("<html>sign in</html>"));
  await expect(ask(quick(base), { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("HTML page") });
});

test("a body that breaks off and one that stalls are tried again, then reported", async () => {
  const broken = await serve((_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("{");
    setTimeout(() => response.destroy(), 10);
  });
  await expect(ask({ ...quick(broken.base), attempts: 2 }, { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("broke off, 2 times") });
  const slow = await serve((_, response) => void response.writeHead(200).write("{"));
  await expect(ask({ ...quick(slow.base), attempts: 1, idle: 50 }, { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("nothing for too long") });
});

test("an answer over the cap is refused with what to ask instead", async () => {
  const { base } = await serve((_, response) => response.end(JSON.stringify("x".repeat(2_000_000))));
  await expect(ask({ ...quick(base), maxBytes: 1_048_576 }, { path: "/a" })).rejects.toMatchObject({ hint: expect.stringContaining("page") });
});

test("a stop while waiting is an interruption, not a failure", async () => {
  const stop = new AbortController();
  const { base } = await serve((_, response) => json(response, {}, 429, { "retry-after": "30" }));
  const asked = ask({ ...quick(base), maxWait: 60_000, signal: stop.signal, onWait: () => stop.abort() }, { path: "/a" });
  await expect(asked).rejects.toMatchObject({ code: "interrupted" });
});

test.each([
  ["http://example.com", "in the clear"],
  ["https://u:p@example.com", "credentials"],
  ["ftp://example.com", "https://"],
  ["nonsense", "not a URL"],
])("the base URL %s is refused", (base, words) => {
  expect(() => checkBaseUrl(base, true)).toThrow(words);
});

test.each(["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1", "https://example.com"])("the base URL %s may carry a key", (base) => {
  expect(checkBaseUrl(base, true).href).toContain("//");
});
