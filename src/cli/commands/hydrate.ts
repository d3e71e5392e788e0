import { existsSync } from "node:fs";
import { exit } from "../exit.ts";
import { count } from "../flags.ts";
import type { AddCommand } from "../program.ts";

type Flags = { readonly from?: string[]; readonly baseUrl: string; readonly rate: number; readonly dryRun?: boolean; readonly json?: boolean };

const examples = `
Examples:
  $ casebook hydrate --dry-run               how many spans hold only an id
  $ OPENAI_API_KEY=… casebook hydrate        fill them from the API
  $ casebook hydrate --from responses.jsonl  fill them from recorded Responses

Only Responses that were stored (store: true) and are still kept can be had;
others are remembered as gone. What comes in is redacted like everything that is
pulled. Next: casebook show ID`;

/** `casebook hydrate` */
export const addHydrate: AddCommand = (program, io, answer) => {
  program
    .command("hydrate")
    .description("fill spans that hold only a response id")
    .option("--from <file...>", "recorded Responses, one a line, instead of the API")
    .option("--base-url <url>", "where the Responses API is", "https://api.openai.com")
    .option("--rate <count>", "requests a second", count, 5)
    .option("--dry-run", "count, ask nothing, store nothing")
    .option("--json", "print the counts as JSON")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const { readRecords } = await import("../../adapters/files/records.ts");
      const { fileResponses } = await import("../../adapters/files/responses.ts");
      const { openWorkspace } = await import("../../adapters/files/workspace.ts");
      const { apiResponses } = await import("../../adapters/http/responses.ts");
      const { hydrate } = await import("../../commands/hydrate.ts");
      const { CasebookError } = await import("../../core/base/error.ts");
      const { openRedactor } = await import("../redactor.ts");
      const { progressFor } = await import("../progress.ts");
      const { plural, printJson, say } = await import("../render.ts");
      const { storeFor } = await import("../store-for.ts");

      const key = io.env["OPENAI_API_KEY"];
      const recorded = flags.from === undefined ? undefined : await fileResponses(readRecords(flags.from, { cwd: io.cwd, stdin: io.stdin }));
      if (recorded?.count === 0)
        throw new CasebookError("bad-file", "The file holds no Responses.", { hint: 'One a line: a Response ("object": "response"), or {"request": {"input": …}, "response": {…}}.' });
      // Only who has something to ask for needs a key.
      const noKey = new CasebookError("usage", "OPENAI_API_KEY is not set.", { hint: "Set it, or fill from recorded Responses: casebook hydrate --from FILE" });
      const api = { base: flags.baseUrl, ...(key ? { secret: { header: "authorization", value: `Bearer ${key}`, variable: "OPENAI_API_KEY" } } : {}), ...(io.signal === undefined ? {} : { signal: io.signal }) };
      const workspace = openWorkspace(io.cwd);
      // Where nothing was pulled there is nothing to fill, and nothing is set up.
      const dry = flags.dryRun === true || !existsSync(workspace.paths.traces);
      const { store, close } = await storeFor(workspace.paths.traces, dry);
      try {
        const { redactor, key: digests } = openRedactor(workspace, io, { dry });
        const asked = key === undefined || key === "" ? { read: () => Promise.reject(noKey) } : apiResponses(api, flags.rate);
        const ports = { store, responses: recorded ?? asked, redactor, key: digests, progress: progressFor(io), ...(io.signal === undefined ? {} : { signal: io.signal }) };
        const summary = await hydrate({ dryRun: flags.dryRun === true }, ports);
        if (flags.json === true) printJson(io, summary);
        if (summary.spans === 0 && (recorded?.trouble ?? 0) === 0) return say(io, "No span holds only a response id: there is nothing to fill.");
        if (flags.dryRun === true) return say(io, `${summary.spans === 1 ? "1 span holds" : `${summary.spans} spans hold`} only a response id${summary.gone > 0 ? `, ${summary.gone} of them known to be gone` : ""}.`);
        say(io, `${summary.filled} of ${plural(summary.spans, "span")} filled in ${plural(summary.traces, "trace")}; ${summary.gone} gone, ${summary.unknown} not among the recordings.`);
        if (recorded !== undefined && recorded.trouble > 0) {
          say(io, `${recorded.trouble === 1 ? "1 line of the file is no Response" : `${recorded.trouble} lines of the file are no Responses`}.`);
          answer(exit.no);
        }
        say(io, summary.filled > 0 ? "Next: casebook ls" : "Nothing was filled. To have content from now on, record with casebook/recorder.");
      } finally {
        close();
      }
    });
};
