import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const dataset = "canaries";

/**
 * Walks the whole street in `home`: exports and answers are written to `home/given`, the workspace is `home/work`, the user's home and temporary
 * files are beside it, and what every command printed is kept in `home/said`. `casebook(cwd, argv)` runs one command line and answers `{code, out, err}`.
 */
export async function walk(home, { files, answers }, casebook, log = () => {}) {
  const [given, work, said] = ["given", "work", "said"].map((name) => join(home, name));
  for (const folder of [given, work, said]) mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) {
    mkdirSync(dirname(join(given, name)), { recursive: true });
    writeFileSync(join(given, name), text);
  }
  const codes = [];
  const run = async (...argv) => {
    const started = performance.now();
    const ran = await casebook(work, argv);
    const name = `${String(codes.length + 1).padStart(2, "0")}-${argv.slice(0, 3).join("-").replaceAll(/[^a-z0-9-]+/gi, "_")}`;
    codes.push({ name, code: ran.code });
    writeFileSync(join(said, `${name}.out`), ran.out);
    writeFileSync(join(said, `${name}.err`), ran.err);
    log(`  ${argv.slice(0, 3).join(" ")}: exit ${ran.code}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return ran;
  };
  git(work, "init", "-q");
  await run("init");
  await run("pull", join(given, "first"), "--json");
  await run("pull", join(given, "second"));
  await run("pull", join(given, "first"), join(given, "second"));
  await run("check");
  await run("check", join(given, "first", "traces.jsonl"), "--json");
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
  await run("release", dataset);
  await run("verify");
  await run("verify", "--json");
  await run("diff", "--dataset", dataset, "--json");
  await run("export", dataset, "--csv", "-o", "cases.csv");
  await run("export", dataset, "--csv", "--labels");
  await run("export", dataset, "--jsonl");
  await run("replay", dataset, "--prompt", "recorded", "--depth", "frozen");
  await run("bless", "latest", "--allow-ungraded");
  await run("replay", dataset, "--prompt", "recorded", "--depth", "frozen", "--json");
  for (const form of ["text", "json", "junit", "markdown", "csv"]) {
    await run("gate", "--reporter", form);
    await run("report", "latest", "--reporter", form);
  }
  await run("report", "latest", ...["md", "xml", "json", "csv", "txt"].flatMap((end) => ["-o", `run.${end}`]));
  git(work, "add", "-A");
  git(work, "commit", "-qm", "All of it");
  await run("verify", "--history");
  return { codes, built };
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
