// One engine over many texts, in a process of its own: node engine.mjs NAME < texts.json > masks.json
// Each answer is a list of [start, end] that the engine masks. Packages are named at run time: they are none of casebook's.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "index.js"));
const load = (name) => import(require.resolve(name));

/** Ranges of `text` that do not come back in `out`: words are aligned, longest common run first. */
function changed(text, out) {
  if (text === out) return [];
  const words = (value) => value.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
  const a = words(text);
  const b = words(out);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  const width = right.length + 1;
  const best = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1)
      best[i * width + j] = left[i] === right[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
  const ranges = [];
  let at = a.slice(0, head).join("").length;
  for (let i = 0, j = 0; i < left.length; ) {
    if (j < right.length && left[i] === right[j]) {
      at += left[i].length;
      i += 1;
      j += 1;
    } else if (j < right.length && best[i * width + j + 1] >= best[(i + 1) * width + j]) j += 1;
    else {
      ranges.push([at, at + left[i].length]);
      at += left[i].length;
      i += 1;
    }
  }
  return ranges;
}

const places = (text, values) => {
  const ranges = [];
  for (const value of new Set(values)) for (let at = text.indexOf(value); value !== "" && at >= 0; at = text.indexOf(value, at + value.length)) ranges.push([at, at + value.length]);
  return ranges;
};

const engines = {
  "redact-pii": async () => {
    const { SyncRedactor } = require("redact-pii");
    const redactor = new SyncRedactor();
    return (text) => changed(text, redactor.redact(text));
  },
  openredaction: async () => {
    const { OpenRedaction } = await load("openredaction");
    const redactor = new OpenRedaction({ redactionMode: "placeholder" });
    return async (text) => (await redactor.detect(text)).detections.map(({ position }) => position);
  },
  "llm-redact": async () => {
    const { redact } = await load("llm-redact");
    return (text) => changed(text, redact(text).text);
  },
  "@openai/guardrails PII": async () => {
    const { pii, PIIEntity } = await load("@openai/guardrails/dist/checks/pii.js").catch(() => import(join(process.cwd(), "node_modules/@openai/guardrails/dist/checks/pii.js")));
    const entities = Object.values(PIIEntity).filter((name) => !["NRP", "LOCATION", "PERSON", "DATE_TIME", "MEDICAL_LICENSE", "URL"].includes(name));
    return async (text) => places(text, Object.values((await pii({}, text, { entities, block: false, detect_encoded_pii: false })).info.detected_entities ?? {}).flat());
  },
  "@openai/guardrails secrets": async () => {
    const checks = await import(join(process.cwd(), "node_modules/@openai/guardrails/dist/checks/secret-keys.js"));
    return async (text) => places(text, (await checks.secretKeysCheck({}, text, { threshold: "strict" })).info.detected_secrets ?? []);
  },
  secretlint: async () => {
    const { lintSource } = await load("@secretlint/core");
    const { creator } = await load("@secretlint/secretlint-rule-preset-recommend");
    const config = { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator, options: {} }] };
    return async (text) => (await lintSource({ source: { filePath: "a.txt", content: text, contentType: "text", ext: ".txt" }, options: { config, noPhysicFilePath: true } })).messages.map(({ range }) => range);
  },
};

const [name, input, output] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(input, "utf8"));
const engine = await engines[name]();
const masks = [];
const began = performance.now();
for (const text of texts) masks.push(await engine(text));
writeFileSync(output, JSON.stringify({ ms: performance.now() - began, masks }));
process.exit(0);
