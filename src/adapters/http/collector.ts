import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { isLoopback } from "../../core/base/endpoint.ts";
import { CasebookError } from "../../core/base/error.ts";
import { decodeTraces } from "./protobuf.ts";

/** One POST as it came: its bytes, unpacked, and the value they hold (protobuf as OTLP JSON). */
export type Posted = { readonly path: string; readonly bytes: Buffer; readonly value: unknown };

export type CollectorOptions = {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Asked for as `Authorization: Bearer`. Needed wherever others can reach us. */
  readonly token?: string;
  /** Bytes one body may have, unpacked. Default 32 MiB: OTLP's exporters and the SDK's stay well under it. */
  readonly maxBody?: number;
  /** Bodies that may be on their way or wait to be stored before senders are asked to come back (429). Default 64. */
  readonly maxWaiting?: number;
  /** Bytes that all bodies in hand may have together, those being stored too. Default 256 MiB. */
  readonly maxHeld?: number;
  /** Called with all that waits; resolved when it is durable. One call at a time: what comes meanwhile waits for the next. */
  readonly store: (posts: readonly Posted[]) => Promise<void>;
  /** Told when storing failed. The senders are asked to come back; the collector goes on. */
  readonly onTrouble?: (error: unknown) => void;
};

export type Collector = { readonly url: string; close(): Promise<void> };

type Waiting = { readonly post: Posted; readonly done: (error?: unknown) => void };

/** Where traces may be posted, and how an accepted post is answered. */
const routes: Readonly<Record<string, string>> = {
  "/v1/traces/ingest": "{}",
  "/v1/traces": '{"partialSuccess":{}}',
};

/**
 * An HTTP endpoint that the Agents SDKs' exporters and OTLP exporters can be pointed at. A post is answered 200 only once it is
 * stored; a full queue is answered 429 with `Retry-After`, so that pressure goes back to the sender instead of into memory.
 * `close` takes no more, stores what waits, and ends. Throws `usage` for a reachable address without a token.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  checkReach(options.host, options.token);
  const waiting: Waiting[] = [];
  let busy: Promise<void> | undefined;
  let closing = false;
  let reading = 0;
  let held = 0;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0);
      try {
        await options.store(batch.map(({ post }) => post));
        for (const { done } of batch) done();
      } catch (error) {
        options.onTrouble?.(error);
        for (const { done } of batch) done(error ?? new Error("not stored"));
      }
    }
    busy = undefined;
  };

  const drained = async (): Promise<void> => {
    while (busy !== undefined) await busy;
  };

  const server = createServer((request, response) => {
    const answer = (status: number, body = "", headers: Record<string, string> = {}): void => {
      if (response.headersSent || response.destroyed) return;
      response.writeHead(status, { "content-type": "application/json", ...(closing ? { connection: "close" } : {}), ...headers }).end(body);
    };
    const path = (request.url ?? "").split("?")[0] ?? "";
    const accepted = routes[path.replace(/\/$/, "")];
    if (accepted === undefined) return refuse(request, answer, 404, "Post traces to /v1/traces/ingest (Agents SDK) or /v1/traces (OTLP).");
    if (request.method !== "POST") return refuse(request, answer, 405, "Only POST.");
    if (!authorized(request, options.token)) return refuse(request, answer, 401, "The token is missing or wrong.");
    const valueOf = readers.get((request.headers["content-type"] ?? "").replace(/;.*/, "").trim().toLowerCase());
    // Also what keeps web pages out: of these types a browser must ask first, and is refused.
    if (valueOf === undefined) return refuse(request, answer, 415, "Send application/json or application/x-protobuf.");
    if (closing || reading + waiting.length >= (options.maxWaiting ?? 64)) return refuse(request, answer, 429, "Busy; come back in a second.", { "retry-after": "1" });
    reading += 1;
    let mine = 0;
    const grow = (bytes: number, announced = 0): void => {
      mine += bytes;
      held += bytes;
      if (Math.max(mine, announced) > (options.maxBody ?? 32 * 1024 * 1024)) throw new BodyTrouble(413, "Too large; send smaller batches.");
      if (held > (options.maxHeld ?? 256 * 1024 * 1024)) throw new BodyTrouble(429, "Busy; come back in a second.");
    };
    const answered: Answer = (...with_) => {
      held -= mine;
      mine = 0;
      answer(...with_);
    };
    readBody(request, grow)
      .finally(() => (reading -= 1))
      .then((bytes) => {
        // Read before it waits: a body that is nothing is told so at once, and must not be sent again.
        const post = { path, bytes, value: valueOf(bytes) };
        waiting.push({ post, done: (error) => (error === undefined ? answered(200, accepted) : answered(503, words("Could not be stored."), { "retry-after": "5" })) });
        busy ??= drain();
      })
      .catch((error: unknown) => {
        if (error instanceof BodyTrouble) answered(error.status, words(error.message), { connection: "close", ...(error.status === 429 ? { "retry-after": "1" } : {}) });
        else answered(400, words("Not JSON (or protobuf) of traces."));
      });
  });
  server.requestTimeout = 60_000;
  server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new CasebookError("usage", error.code === "EADDRINUSE" ? `Port ${options.port} is taken.` : `Cannot listen on ${options.host}:${options.port}.`, {
          hint: "Choose another with --port, or --port 0 for any.",
          cause: error,
        }),
      ),
    );
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await drained();
      setTimeout(() => server.closeAllConnections(), 2000).unref();
      await closed;
      // A post that was still on its way when the stop came.
      await drained();
    },
  };
}

const words = (message: string): string => JSON.stringify({ error: message });

type Answer = (status: number, body?: string, headers?: Record<string, string>) => void;

function refuse(request: IncomingMessage, answer: Answer, status: number, message: string, headers: Record<string, string> = {}): void {
  request.resume();
  answer(status, words(message), headers);
}

function authorized(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined || token === "") return true;
  // Digests are of one length, so neither the token nor its length shows in the time this takes.
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ""), digest(`Bearer ${token}`));
}

class BodyTrouble extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The body, unpacked. `grow` is told of every piece before it is kept, first of what is announced, and throws where it is too much. */
async function readBody(request: IncomingMessage, grow: (bytes: number, announced?: number) => void): Promise<Buffer> {
  const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
  const unpack = encoding === "gzip" ? createGunzip() : encoding === "deflate" ? createInflate() : encoding === "identity" ? undefined : null;
  if (unpack === null) throw new BodyTrouble(415, "Send it plain, gzip or deflate.");
  const stream: Readable = unpack === undefined ? request : request.pipe(unpack);
  request.once("error", (error) => unpack?.destroy(error));
  const chunks: Buffer[] = [];
  try {
    grow(0, Number(request.headers["content-length"] ?? 0));
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      grow((chunk as Buffer).length);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    // What still comes is read past, so that the sender sees the answer.
    request.unpipe();
    unpack?.destroy();
    request.resume();
    throw error;
  }
  return Buffer.concat(chunks);
}

/** JSON as UTF-8 says it: no byte is replaced in silence. */
const jsonOf = (bytes: Buffer): unknown => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));

const readers: ReadonlyMap<string, (bytes: Buffer) => unknown> = new Map([
  ["application/json", jsonOf],
  ["application/x-protobuf", decodeTraces],
  ["application/protobuf", decodeTraces],
]);

/** Throws `usage` where others could post without a token worth the name. */
export function checkReach(host: string, token: string | undefined): void {
  if (!isLoopback(host) && (token ?? "").length < 16)
    throw new CasebookError("usage", `Others could reach ${host}: that needs a token.`, { hint: "Set CASEBOOK_COLLECT_TOKEN (16 characters or more), or leave --host at 127.0.0.1." });
}
