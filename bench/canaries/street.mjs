import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const dataset = "canaries";

/**
 * Walks the whole street in `home`: exports and answers are written to `home/given`, the workspace is `home/work`, the user's home and temporary
 * files are beside it, and what every command printed is kept in `home/said`. `casebook(cwd, argv, {env})` runs one command line and answers `{code, out, err}`;
 * `start(cwd, argv)` starts one in a process of its own and answers it. `kills`: how often a pull is killed on its way.
 */
export async function walk(home, { files, answers }, casebook, { start, log = () => {}, kills = 0 }) {
  const [given, work, said] = ["given", "work", "said"].map((name) => join(home, name));
  for (const folder of [given, work, said]) mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) {
    mkdirSync(dirname(join(given, name)), { recursive: true });
    writeFileSync(join(given, name), text);
  }
  const codes = [];
  const keep = (argv, { out, err }) => {
    const name = `${String((count += 1)).padStart(2, "0")}-${argv.slice(0, 3).join("-").replaceAll(/[^a-z0-9-]+/gi, "_")}`;
    writeFileSync(join(said, `${name}.out`), out);
    writeFileSync(join(said, `${name}.err`), err);
    return name;
  };
  let count = 0;
  const tried = async (argv, env) => {
    const started = performance.now();
    const ran = await casebook(work, argv, { env });
    const name = keep(argv, ran);
    log(`  ${argv.slice(0, 3).map((word) => word.replace(home, "")).join(" ")}: exit ${ran.code}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return { name, ran };
  };
  const run = async (...argv) => {
    const { name, ran } = await tried(argv, keys);
    codes.push({ name, code: ran.code });
    return ran;
  };
  /** What cannot be done: only its words matter. */
  const fail = async (...argv) => {
    const { name, ran } = await tried(argv, keys);
    if (ran.code === 0 || ran.code > 4) codes.push({ name: `${name}, which cannot be done`, code: 70 });
  };
  git(work, "init", "-q");
  await run("init");
  await run("pull", join(given, "first"), "--json");
  await run("pull", join(given, "second"));
  await run("pull", join(given, "first"), join(given, "second"));
  await fromOutside();
  await fail("label", "--answers", join(given, "broken-answers.jsonl"));
  await fail("redact", "--jsonl", join(given, "no-records.jsonl"), "--json");
  await fail("pull", join(given, "first", "traces.jsonl"), "--format", "langfuse", "--dry-run");
  await fail("pull", join(given, "no-records.jsonl"), "--json");
  await run("check");
  await run("check", join(given, "first", "traces.jsonl"), "--json");
  await fail("check", join(given, "api.json"));
  await run("check", "--policy", "--json");
  await run("ls", "--width", "300");
  const list = JSON.parse((await run("ls", "--json")).out);
  const ids = list.rows.map((row) => row.id);
  for (const id of ids.slice(0, 4)) {
    await run("show", id, "--unfold", "--width", "400");
    await run("show", id, "--tree");
    await run("show", id, "--spans");
    await run("show", id, "--json");
  }
  await run("dedup", "--level", "all");
  await run("dedup", "--json");
  await run("redact", join(given, "first", "traces.jsonl"), "--json");
  await run("redact", join(given, "first", "otlp.jsonl"), "--json");
  await run("redact", "--store", "--json");

  const taught = ids.map((trace, at) => {
    const words = answers[at];
    if (words === undefined) return { trace, verdict: "pass", note: "Fine." };
    return { trace, verdict: "fail", codes: ["tool.args-wrong"], ...words };
  });
  writeFileSync(join(given, "answers.jsonl"), taught.map((one) => `${JSON.stringify(one)}\n`).join(""));
  await run("label", "--answers", join(given, "answers.jsonl"), "--json");
  await run("label", "--plain", "--dry-run");
  const built = await run("build", dataset, "--json");
  await run("build", dataset);
  await run("release", dataset, "--json");
  await run("verify");
  await run("verify", "--json");
  await run("diff", "--dataset", dataset, "--json");
  await run("export", dataset, "--csv", "-o", "cases.csv");
  await run("export", dataset, "--csv", "--labels");
  await run("export", dataset, "--jsonl");
  await run("replay", dataset, "--prompt", "recorded", "--depth", "frozen");
  await run("bless", "latest", "--allow-ungraded");
  await run("replay", dataset, "--prompt", "recorded", "--depth", "frozen", "--json");
  await run("replay", dataset, "--prompt", "recorded", "--depth", "frozen", "--list");
  const [candidate = "latest", baseline = "latest"] = (existsSync(join(work, ".casebook/runs")) ? readdirSync(join(work, ".casebook/runs")) : []).sort().reverse();
  for (const form of ["text", "json", "markdown"]) await run("compare", baseline, candidate, "--reporter", form);
  await run("diff", "--dataset", dataset, "--markdown");
  for (const form of ["text", "json", "junit", "markdown", "csv"]) {
    await run("gate", "--reporter", form);
    await run("report", "latest", "--reporter", form);
  }
  await run("report", "latest", ...["md", "xml", "json", "csv", "txt"].flatMap((end) => ["-o", `run.${end}`]));
  git(work, "add", "-A");
  git(work, "commit", "-qm", "All of it");
  await run("verify", "--history", "--json");
  for (let at = 0; at < kills; at += 1) {
    const cwd = join(home, `killed-${at}`);
    mkdirSync(cwd);
    const child = start(cwd, ["pull", join(given, "first"), join(given, "second")]);
    const ended = once(child, "exit");
    await sleep(500 + 450 * at);
    child.kill("SIGKILL");
    await ended;
  }
  return { codes, built };

  /** What comes by HTTP: posted to `collect`, asked of vendors' APIs, behind ids of Responses. */
  async function fromOutside() {
    const collector = start(work, ["collect", "--port", "0", "--json"]);
    const heard = told(collector);
    const { url } = JSON.parse(await heard.line());
    const post = (path, body) => fetch(new URL(path, url), { method: "POST", headers: { "content-type": "application/json" }, body });
    const answered = [];
    for (const { native, otlp } of JSON.parse(files.get("posted.json"))) {
      answered.push(await (await post("/v1/traces/ingest", JSON.stringify({ data: native }))).text());
      answered.push(await (await post("/v1/traces", JSON.stringify(otlp))).text());
    }
    for (const path of ["/v1/traces/ingest", "/v1/traces", "/elsewhere"]) answered.push(await (await post(path, files.get("no-records.jsonl"))).text());
    const ended = once(collector, "exit");
    collector.kill("SIGTERM");
    const [code] = await ended;
    codes.push({ name: keep(["collect"], { out: heard.all() + answered.join("\n"), err: heard.errors() }), code });

    const server = spawn(process.execPath, [join(import.meta.dirname, "server.mjs"), join(given, "api.json")], { stdio: ["ignore", "pipe", "inherit"] });
    const base = await told(server).line();
    for (const vendor of ["langfuse", "langsmith", "phoenix"]) {
      await fail("pull", vendor, "--base-url", `${base}/refusing`, "--since", "2026-10-01");
      await run("pull", vendor, "--base-url", base, "--since", "2026-10-01", "--json");
    }
    await fail("hydrate", "--base-url", `${base}/refusing`, "--rate", "1000");
    await run("hydrate", "--base-url", base, "--rate", "1000", "--json");
    server.kill();
  }
}

const keys = { LANGFUSE_PUBLIC_KEY: "pk", LANGFUSE_SECRET_KEY: "sk", LANGSMITH_API_KEY: "ls", OPENAI_API_KEY: "none" };

/** What a process says: its first line, and all of it. */
function told(child) {
  let [out, err] = ["", ""];
  child.stderr?.on("data", (chunk) => (err += chunk));
  const first = new Promise((resolve, reject) => {
    child.on("exit", () => reject(new Error(`ended before it said where it is: ${err}`)));
    child.stdout.on("data", (chunk) => {
      out += chunk;
      if (out.includes("\n")) resolve(out.split("\n")[0]);
    });
  });
  first.catch(() => {});
  return { line: () => first, all: () => out, errors: () => err };
}

const git = (cwd, ...argv) => spawnSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false", ...argv], { cwd });

/** Everything that is there after the street, the raw exports aside: `[kind of place, name, bytes]`. */
export function* leftBehind(home) {
  for (const path of readdirSync(home, { recursive: true, withFileTypes: true })) {
    const name = relative(home, join(path.parentPath, path.name));
    if (name.startsWith("given") || !path.isFile()) continue;
    yield [kindOf(name), name, readFileSync(join(home, name))];
    yield ["file names", name, Buffer.from(name)];
  }
  const objects = spawnSync("git", ["cat-file", "--batch-all-objects", "--batch"], { cwd: join(home, "work"), maxBuffer: 2 ** 31 - 1 });
  yield ["git objects", "git objects", objects.stdout];
}

function kindOf(name) {
  if (name.startsWith("said/")) return `printed by ${/-([a-z]+)/.exec(name)[1]}`;
  if (name.startsWith("work/.git/")) return "git files";
  if (name.startsWith("work/.casebook/")) return `.casebook/${name.split("/")[2].replace(/\..*/, "")}`;
  if (name.startsWith("work/datasets/")) return name.endsWith("trace.json") ? "trace.json" : name.endsWith("case.yaml") ? "case.yaml" : name.includes("/labels/") ? "case labels" : "dataset files";
  return name.startsWith("work/") ? "work files" : "home and temporary files";
}
