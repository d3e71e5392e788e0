import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createGunzip, createInflate } from "node:zlib";
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
  /** Bodies that may wait to be stored before senders are asked to come back (429). Default 64. */
  readonly maxWaiting?: number;
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

const loopback = new Set(["127.0.0.1", "localhost", "::1"]);

/**
 * An HTTP endpoint that the Agents SDKs' exporters and OTLP exporters can be pointed at. A post is answered 200 only once it is
 * stored; a full queue is answered 429 with `Retry-After`, so that pressure goes back to the sender instead of into memory.
 * `close` takes no more, stores what waits, and ends. Throws `usage` for a reachable address without a token.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  if (!loopback.has(options.host) && (options.token ?? "").length < 16)
    throw new CasebookError("usage", `Others could reach ${options.host}: that needs a token.`, { hint: "Set CASEBOOK_COLLECT_TOKEN (16 characters or more), or leave --host at 127.0.0.1." });
  const waiting: Waiting[] = [];
  let busy: Promise<void> | undefined;
  let closing = false;

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

  const server = createServer((request, response) => {
    const answer = (status: number, body = "", headers: Record<string, string> = {}): void => {
      if (response.headersSent || response.destroyed) return;
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    };
    const path = (request.url ?? "").split("?")[0] ?? "";
    const accepted = routes[path.replace(/\/$/, "")];
    if (accepted === undefined) return refuse(request, answer, 404, "Post traces to /v1/traces/ingest (Agents SDK) or /v1/traces (OTLP).");
    if (request.method !== "POST") return refuse(request, answer, 405, "Only POST.");
    if (!authorized(request, options.token)) return refuse(request, answer, 401, "The token is missing or wrong.");
    if (closing || waiting.length >= (options.maxWaiting ?? 64)) return refuse(request, answer, 429, "Busy; come back in a second.", { "retry-after": "1" });
    readBody(request, options.maxBody ?? 32 * 1024 * 1024)
      .then((bytes) => {
        // Read before it waits: a body that is nothing is told so at once, and must not be sent again.
        const post = { path, bytes, value: valueOf(request, bytes) };
        waiting.push({ post, done: (error) => (error === undefined ? answer(200, accepted) : answer(503, words("Could not be stored."), { "retry-after": "5" })) });
        busy ??= drain();
      })
      .catch((error: unknown) => {
        if (error instanceof BodyTrouble) answer(error.status, words(error.message), { connection: "close" });
        else answer(400, words("Not JSON (or protobuf) of traces."));
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
      await busy;
      await drain();
      setTimeout(() => server.closeAllConnections(), 2000).unref();
      await closed;
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
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

class BodyTrouble extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function readBody(request: IncomingMessage, max: number): Promise<Buffer> {
  const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
  const unpack = encoding === "gzip" ? createGunzip() : encoding === "deflate" ? createInflate() : encoding === "identity" ? undefined : null;
  if (unpack === null) throw new BodyTrouble(415, "Send it plain, gzip or deflate.");
  if (Number(request.headers["content-length"] ?? 0) > max) throw new BodyTrouble(413, "Too large; send smaller batches.");
  const stream = unpack === undefined ? request : request.pipe(unpack);
  request.once("error", (error) => unpack?.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > max) {
      request.unpipe();
      request.resume();
      throw new BodyTrouble(413, "Too large; send smaller batches.");
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function valueOf(request: IncomingMessage, bytes: Buffer): unknown {
  return /protobuf/.test(request.headers["content-type"] ?? "") ? decodeTraces(bytes) : (JSON.parse(bytes.toString("utf8")) as unknown);
}
