import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { diceOf } from "./dice.mjs";
import { encodings, member, spoken } from "./encodings.mjs";
import { kinds, makerOf } from "./kinds.mjs";

/** Where a canary lies that redaction let through: each makes the text of a file, as `build` and people write them. */
const yamlText = (text) => (/[\n\t]/.test(text) ? `|-\n    ${text.replaceAll("\n", "\n    ")}` : JSON.stringify(text));
const files = [
  { name: "case.yaml", make: (text) => ({ path: "datasets/shop/cases/hose-1a2b3c4d/case.yaml", text: `schema: casebook/case@1\nid: hose-1a2b3c4d\ninput:\n  messages:\n  - role: user\n    text: ${yamlText(`It leaks: ${text} thanks`)}\n` }) },
  { name: "trace.json", make: (text) => ({ path: "datasets/shop/cases/hose-1a2b3c4d/trace.json", text: `${JSON.stringify({ id: "trace_1a2b", messages: [{ role: "user", parts: [{ type: "text", text: `It leaks: ${text} thanks` }] }] }, null, 2)}\n` }) },
  { name: "a note", make: (text) => ({ path: "datasets/shop/cases/hose-1a2b3c4d/labels/ann.yaml", text: `schema: casebook/label@1\nnote: ${yamlText(text)}\n` }) },
  { name: "README.md", make: (text) => ({ path: "datasets/shop/README.md", text: `# shop\n\nRuns of a shop. Seen: ${text}\n` }) },
  { name: "file name", make: (text) => ({ path: `datasets/shop/cases/${text.replaceAll(/[/\0\n]/g, "_").slice(0, 200)}/case.yaml`, text: "schema: casebook/case@1\n" }), names: true },
];

/**
 * What each gate sees of canaries that lie in files about to be committed, as if redaction had missed them: every kind, every encoding
 * that fits one text, every sort of file. `harvest` has read the raw record the canary came in. Answers `{kind, encoding, file, seen}`, `seen`
 * the names of the gates that did.
 */
export async function tryGates({ dist, seed, each = 1 }) {
  const load = (path) => import(pathToFileURL(join(dist, path)).href);
  const { scanGate } = await load("core/dataset/leak-scan.js");
  const { secretlintGate } = await load("adapters/gates/secretlint.js");
  const { startHarvest } = await load("core/dataset/leak-harvest.js");
  const { detectGate } = await load("core/dataset/leak-detect.js");
  const { defaultPolicy } = await load("core/redact/policy.js");
  const { loadNames } = await load("core/redact/detect/names.js");
  const name = () => "token";
  const standing = [["secretlint", secretlintGate(name)], ["scan", scanGate({ name })], ["detectors", detectGate({ policy: defaultPolicy, key: new Uint8Array(32), names: loadNames(), name })]];
  const make = makerOf(seed);
  const dice = diceOf(seed + 5);
  const tried = [];
  for (let round = 0; round < each; round += 1)
    for (const kind of kinds)
      for (const encoding of encodings) {
        const made = { ...make(kind), kind };
        const { text } = encoding.write(made, dice);
        if (text === undefined) continue;
        const harvest = startHarvest(name);
        harvest.add({ object: "trace.span", span_data: { type: "custom", data: member(made) } });
        const file = files[tried.length % files.length];
        const { path, text: content } = file.make(text);
        const seen = [];
        for (const [gate, looks] of [...standing, ["harvest", harvest.gate]]) {
          const leaks = await looks.scan(file.names === true ? { path, text: path } : { path, text: content });
          if (leaks.length > 0) seen.push(gate);
        }
        tried.push({ kind, encoding, file: file.name, seen });
      }
  return tried;
}

export const gateNames = ["secretlint", "scan", "detectors", "harvest"];

/**
 * The verbs themselves on canaries that redaction let through: `build` of traces that were pulled under a policy that keeps everything, `release` and `verify`
 * of a dataset into which somebody wrote them. One case for each kind, so that what is refused can be told by kind.
 * Answers `{verb, code, seen}`, `seen` the names of kinds in whose case a gate saw something.
 */
export async function tryVerbs(home, casebook, seed) {
  const make = makerOf(seed);
  const made = kinds.map((kind) => make(kind));
  const canaries = made.map((one) => spoken(one).join(""));
  const results = [];
  const run = async (cwd, ...argv) => casebook(cwd, argv);
  const leaksIn = (ran, find) => {
    const report = JSON.parse(ran.out || "{}");
    const leaks = report.leaks ?? (report.datasets ?? []).flatMap((dataset) => dataset.leaks);
    return new Set((leaks ?? []).map(find).filter((at) => at !== undefined && at >= 0));
  };
  const labelled = async (name, texts, policy, data = () => ({})) => {
    const cwd = join(home, name);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "casebook.yaml"), policy);
    const records = texts.flatMap((text, at) => {
      const trace_id = `trace_${String(at).padStart(32, "0")}`;
      const said = `Parcel number ${at}x of garden ${"hose rake spade twine barrel".split(" ")[at % 5]}: ${text}`;
      return [{ object: "trace", id: trace_id, workflow_name: "shop" }, { object: "trace.span", id: `span_${String(at).padStart(24, "0")}`, trace_id, parent_id: null, span_data: { type: "generation", input: [{ role: "user", content: said }], output: [{ role: "assistant", content: "It comes." }], model: "m" } }, { object: "trace.span", id: `span_${String(at + 1000).padStart(24, "0")}`, trace_id, parent_id: null, span_data: { type: "custom", name: "cart", data: data(at) } }];
    });
    writeFileSync(join(cwd, "traces.jsonl"), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    await run(cwd, "pull", "traces.jsonl");
    writeFileSync(join(cwd, "answers.jsonl"), texts.map((_, at) => `${JSON.stringify({ trace: `trace_${String(at).padStart(32, "0")}`, verdict: "pass" })}\n`).join(""));
    await run(cwd, "label", "--answers", "answers.jsonl");
    return cwd;
  };

  const open = await labelled("gates-open", canaries, 'schema: casebook/config@1\nredact:\n  fields:\n    "*.*": keep\n', (at) => member(made[at]));
  for (const raw of [[], ["--raw", "traces.jsonl"]]) {
    const ran = await run(open, "build", "shop", "--json", ...raw);
    results.push({ verb: ["build", ...raw.slice(0, 1)].join(" "), code: ran.code, written: existsSync(join(open, "datasets/shop/cases")), leaks: (JSON.parse(ran.out).leaks ?? []).length });
  }
  const shut = await labelled("gates-shut", canaries.map(() => "where is it?"), "schema: casebook/config@1\n");
  await run(shut, "build", "shop");
  const cases = join(shut, "datasets/shop/cases");
  const folders = readdirSync(cases).sort();
  for (const [at, folder] of folders.entries()) {
    const text = canaries[at % canaries.length];
    const at3 = at % 3;
    if (at3 === 0) edit(join(cases, folder, "case.yaml"), /^title: .*$/m, () => `title: ${JSON.stringify(text)}`);
    else if (at3 === 1) edit(join(cases, folder, "trace.json"), "It comes.", () => JSON.stringify(text).slice(1, -1));
    else edit(join(cases, folder, "labels/bench.yaml"), /$/, () => `# ${text.replaceAll("\n", "\n# ")}\n`);
  }
  for (const argv of [["verify", "--json"], ["verify", "--json", "--raw", join(open, "traces.jsonl")], ["release", "shop", "--json"]]) {
    const ran = await run(shut, ...argv);
    const seen = argv[0] === "verify" ? leaksIn(ran, ({ path }) => folders.findIndex((folder) => path.includes(folder.slice(-9)))) : undefined;
    results.push({ verb: argv.filter((word) => /^(?:verify|release|--raw)$/.test(word)).join(" "), code: ran.code, written: existsSync(join(shut, "datasets/shop/versions")), ...(seen === undefined ? {} : { seen: [...seen].map((index) => kinds[index % kinds.length].name) }) });
  }
  return results;
}

function edit(path, from, to) {
  writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
}
