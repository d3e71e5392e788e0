import { createServer, type AddressInfo } from "node:net";
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
  ["http://127.0.0.1.example.com", "in the clear"],
  ["http://localhost.example.com", "in the clear"],
  ["http://notlocalhost", "in the clear"],
  ["http://128.0.0.1", "in the clear"],
  ["http://[::2]", "in the clear"],
  ["http://0.0.0.0", "in the clear"],
  ["https://u:p@example.com", "credentials"],
  ["ftp://example.com", "https://"],
  ["nonsense", "not a URL"],
])("the base URL %s is refused", (base, words) => {
  expect(() => checkBaseUrl(base, true)).toThrow(words);
});

test.each(["http://localhost:1", "http://LOCALHOST.:1", "http://127.0.0.1:1", "http://127.8.9.10", "http://127.1", "http://2130706433", "http://[::1]:1", "http://[::ffff:127.0.0.1]", "https://example.com"])("the base URL %s may carry a key", (base) => {
  expect(checkBaseUrl(base, true).href).toContain("//");
});

test("a redirect from a key's host to the same host without TLS, or on another port, is another host", async () => {
  const other = await serve((_, response) => json(response, {}));
  for (const location of [`http://localhost:${new URL(other.base).port}/a`, `//${new URL(other.base).host}/a`]) {
    const { base } = await serve((_, response) => response.writeHead(308, { location }).end());
    await expect(ask(quick(base), { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("another host") });
  }
  expect(other.seen).toEqual([]);
});

test("a body is sent again with each attempt, and the key only in its header", async () => {
  const { base, seen } = await serve((_, response, at) => json(response, {}, at === 0 ? 500 : 200));
  await ask(quick(base), { path: "/a", method: "POST", body: { q: 1 } });
  expect(seen.map(({ method, body, path }) => [method, body, path])).toEqual([["POST", '{"q":1}', "/a"], ["POST", '{"q":1}', "/a"]]);
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer k", "Bearer k"]);
});

test("where nobody listens, and where no host has that name, is said, with the base URL to look at", async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${(free.address() as AddressInfo).port}`;
  await new Promise((resolve) => free.close(resolve));
  await expect(ask({ ...quick(at), attempts: 2 }, { path: "/a" })).rejects.toMatchObject({ code: "remote", message: expect.stringContaining("nothing is listening there, 2 times"), hint: expect.stringContaining(at) });
  await expect(ask({ ...quick("https://no-such-host.invalid"), attempts: 1 }, { path: "/a" })).rejects.toMatchObject({ code: "remote", hint: expect.stringContaining("no-such-host.invalid") });
});

test("bytes that are not UTF-8 are refused, a byte order mark is passed over, and both are no matter of luck with chunks", async () => {
  const bad = await serve((_, response) => response.end(Buffer.from('{"a":"caf\u00e9"}', "latin1")));
  await expect(ask(quick(bad.base), { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("not UTF-8") });
  const bytes = Buffer.from('\ufeff{"a":"é😀"}');
  const dripped = await serve((_, response) => {
    for (const byte of bytes) response.write(Buffer.from([byte]));
    response.end();
  });
  expect((await ask(quick(dripped.base), { path: "/a" })).json).toEqual({ a: "é😀" });
});

test("an answer that drips for ever ends in time", async () => {
  const { base } = await serve((_, response) => {
    const drip = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(drip));
  });
  await expect(ask({ ...quick(base), attempts: 1, longest: 150 }, { path: "/a" })).rejects.toMatchObject({ message: expect.stringContaining("took too long") });
});

test("what is nested deeper than anybody can follow is cut there, and the rest of the answer stands", async () => {
  const { base } = await serve((_, response) => response.end(`{"deep":${"[".repeat(50_000)}${"]".repeat(50_000)},"good":{"a":[1]}}`));
  const { json: answer } = await ask(quick(base), { path: "/a" });
  expect(answer).toMatchObject({ good: { a: [1] } });
  expect(JSON.stringify(answer)).toContain("nested too deep");
});
