import { InvalidArgumentError } from "commander";
import type { AddCommand } from "../program.ts";

type Flags = { readonly host: string; readonly port: number; readonly json?: boolean };

const examples = `
Examples:
  $ casebook collect                  listen on http://127.0.0.1:4319
  $ casebook collect --port 0 --json  any free port, told as JSON
  $ CASEBOOK_COLLECT_TOKEN=… casebook collect --host 0.0.0.0

Point an exporter at it:
  TypeScript  new OpenAITracingExporter({ apiKey: "local",
                endpoint: "http://127.0.0.1:4319/v1/traces/ingest" })
  Python      BackendSpanExporter(api_key="local",
                endpoint="http://127.0.0.1:4319/v1/traces/ingest")
  OTLP        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:4319/v1/traces
              (JSON or protobuf)

The SDK's own export holds no model text on the Responses API; casebook/recorder
does. Stops on Ctrl-C, after storing what came in. Next: casebook ls`;

/** `casebook collect` */
export const addCollect: AddCommand = (program, io) => {
  program
    .command("collect")
    .description("listen for traces that SDKs and OTLP exporters send")
    .option("--host <address>", "address to listen on; one that others can reach needs CASEBOOK_COLLECT_TOKEN", "127.0.0.1")
    .option("--port <number>", "port to listen on; 0 for any free one", port, 4319)
    .option("--json", "print the address and, in the end, the counts as JSON lines")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const { CasebookError } = await import("../../core/base/error.ts");
      const { recordOf } = await import("../../adapters/files/records.ts");
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { checkReach, startCollector } = await import("../../adapters/http/collector.ts");
      const { openStore } = await import("../../adapters/store/store.ts");
      const { collectPosts } = await import("../../commands/collect.ts");
      const { openRedactor } = await import("../redactor.ts");
      const { plural, say } = await import("../render.ts");

      const token = io.env["CASEBOOK_COLLECT_TOKEN"];
      checkReach(flags.host, token);
      const workspace = openWorkspace(io.cwd);
      const store = await openStore(workspace.paths.traces, { write: true });
      const { redactor, key } = openRedactor(workspace, io);
      const so = { posts: 0, objects: 0, added: 0, problems: new Map<string, number>() };
      try {
        const collector = await startCollector({
          host: flags.host,
          port: flags.port,
          ...(token === undefined ? {} : { token }),
          onTrouble: (error) => say(io, `Could not store: ${error instanceof CasebookError ? error.message : "an unexpected error"}. The sender is asked to come back.`),
          store: (posts) => collectPosts(posts.map((post) => recordOf(post.bytes, `collect ${post.path}`, () => post.value)), { store, redactor, key }, so),
        });
        if (flags.json === true) io.stdout.write(`${JSON.stringify({ schema: "casebook/collect-started@1", url: collector.url })}\n`);
        say(io, `Listening on ${collector.url}${token ? " (with a token)" : ""}.\nPost to /v1/traces/ingest or /v1/traces. Stop with Ctrl-C.`);
        await new Promise<void>((resolve) => {
          if (io.signal === undefined || io.signal.aborted) resolve();
          else io.signal.addEventListener("abort", () => resolve(), { once: true });
        });
        await collector.close();
      } finally {
        store.close();
      }
      if (flags.json === true)
        io.stdout.write(`${JSON.stringify({ schema: "casebook/collect-summary@1", posts: so.posts, records: so.objects, new_traces: so.added, problem_counts: Object.fromEntries(so.problems) })}\n`);
      say(io, `Stopped. ${plural(so.posts, "post")}, ${plural(so.objects, "record")}, ${plural(so.added, "new trace")} stored.`);
      for (const [code, count] of so.problems) say(io, `${plural(count, "problem")}: ${code}`);
    });
};

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535) throw new InvalidArgumentError("Use a number from 0 to 65535.");
  return value;
}
