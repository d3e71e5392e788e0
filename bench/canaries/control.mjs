import { pathToFileURL } from "node:url";
import { join } from "node:path";

const ids = new Set("id parent_id original_parent_id trace_id call_id response_id previous_response_id conversation_id group_id schema".split(" "));
const token = /\[[A-Z][A-Z0-9_]*(?::[a-z2-7]{16})?\]/g;

/** Characters of a redacted value that stood in the raw one, and how many there were. */
function compare(raw, red, into) {
  if (typeof raw === "string") {
    into.characters += raw.length;
    if (raw !== red) into.masked += Math.max(0, raw.length - String(red ?? "").replace(token, "").length);
  } else if (Array.isArray(raw)) raw.forEach((item, at) => compare(item, red?.[at], into));
  else if (raw !== null && typeof raw === "object") {
    const names = Object.keys(red ?? {});
    for (const [at, [name, value]] of Object.entries(raw).entries()) {
      if (ids.has(name)) continue;
      compare(value, Object.hasOwn(red ?? {}, name) ? red[name] : red?.[names[at]], into);
    }
  } else if (raw !== red) into.masked += String(raw).length;
}

/** How many characters of exports that hold nothing sensitive redaction masks: `{characters, masked}`; ids, which may be renamed, aside. */
export async function maskedOf({ files, dist }) {
  const load = (path) => import(pathToFileURL(join(dist, path)).href);
  const { createRedactor } = await load("core/redact/create.js");
  const { defaultPolicy } = await load("core/redact/policy.js");
  const { loadNames } = await load("core/redact/detect/names.js");
  const { native } = await load("core/sources/native.js");
  const { otlpSource } = await load("core/sources/otlp/otlp.js");
  const { assembleTrace } = await load("core/trace/assemble.js");
  const traces = new Map();
  for (const [file, text] of files)
    for (const line of text.split("\n")) {
      const value = parse(line);
      if (value === undefined) continue;
      for (const piece of (file.endsWith("otlp.jsonl") ? otlpSource : native).read(value, { file }).pieces) traces.set(piece.trace_id, [...(traces.get(piece.trace_id) ?? []), piece]);
    }
  const redactor = createRedactor({ policy: defaultPolicy, key: new Uint8Array(32), keyId: "control", names: loadNames() });
  const raw = [...traces.values()].map((pieces) => assembleTrace(pieces));
  for (const trace of raw) redactor.learn(trace);
  const sums = { characters: 0, masked: 0 };
  for (const trace of raw) compare(trace, redactor.redactTrace(trace).trace, sums);
  return sums;
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
