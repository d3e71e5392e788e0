import { run } from "./run.ts";

const { argv, stdout, stderr, env } = process;
const stop = new AbortController();
let asked = 0;
let reading = false;
/** Whoever has not ended by then waits for input that may never come. */
const letGo = (): void => void setTimeout(() => process.stdin.destroy(), 200);
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.on(name, () => {
    asked += 1;
    if (asked > 1) process.exit(130);
    stop.abort();
    if (reading) letGo();
  });
// `casebook ls | head`: the reader went away, which is no error of ours.
for (const stream of [stdout, stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    throw error;
  });

process.exitCode = await run(argv.slice(2), {
  // Opening it costs more than saying the version; few commands read it.
  get stdin() {
    if (!reading && stop.signal.aborted) letGo();
    reading = true;
    return process.stdin;
  },
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  get interactive() {
    return process.stdin.isTTY && stderr.isTTY && !env["CI"];
  },
  signal: stop.signal,
});
