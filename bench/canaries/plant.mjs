import { diceOf } from "./dice.mjs";
import { encodings, member, split } from "./encodings.mjs";
import { innocent, kinds, makerOf } from "./kinds.mjs";
import { nativeTrace, otlpTrace, placesOf } from "./traces.mjs";
import { hydratedTrace, langfuseRows, langsmithRows, phoenixRows, postedTrace } from "./vendors.mjs";

/** Places outside the traces: what a person types while labelling, the name of an export, a line that cannot be read. */
const native = placesOf(nativeTrace).map((place) => ({ ...place, of: "native" }));
const otlp = placesOf(otlpTrace).map((place) => ({ ...place, of: "otlp" }));
const templates = { posted: postedTrace, langfuse: langfuseRows, langsmith: langsmithRows, phoenix: phoenixRows, hydrated: hydratedTrace };
const sent = Object.entries(templates).flatMap(([of, template]) => placesOf(template).map((place) => ({ ...place, of })));
const others = [
  { name: "label.note", type: "text", of: "label" },
  { name: "label.expected, words", type: "text", of: "label" },
  { name: "label.expected, check", type: "quoted", of: "label" },
  { name: "label.expected, arguments", type: "json", of: "label" },
  { name: "export file name", type: "file", of: "file" },
  { name: "unreadable line", type: "text", of: "file" },
  { name: "unreadable answer", type: "text", of: "file" },
  { name: "no record", type: "text", of: "file" },
  { name: "words of a refusal", type: "text", of: "file" },
];
export const places = [...native, ...otlp, ...sent, ...others];

/** Traces that share a place's canaries: one in three holds something there. */
const apart = 3;

/** Whether a place can hold a kind so written. */
function fits(place, kind, encoding) {
  if ((encoding.write === split) !== (place.type === "pair")) return false;
  // A member's name tells nothing of itself but its form.
  if (place.type === "key" || place.type === "key-inner") return kind.by === "format";
  return true;
}

/**
 * `count` canaries, each of a kind, an encoding and a place, spread evenly over all three. A canary: `{kind, encoding, place, made, text
 * or parts, cores}`. With `control` every value is a harmless phrase in the same encoding and place. `ways`: these encodings only.
 */
export function plantCanaries({ count, seed, control = false, ways = encodings }) {
  const make = makerOf(seed);
  const dice = diceOf(seed + 1);
  const used = new Map(places.map((place) => [place, 0]));
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length];
    const encoding = ways[Math.floor(i / kinds.length) % ways.length];
    const made = { ...make(control ? innocent : kind), kind: control ? innocent : kind };
    const written = encoding.write(made, dice);
    const open = places.filter((place) => fits(place, kind, encoding) && (!narrow.has(place.type) || isShort(written)));
    // One of the places least used so far.
    const least = Math.min(...open.map((place) => used.get(place)));
    const place = dice.pick(open.filter((one) => used.get(one) === least));
    used.set(place, least + 1);
    const alone = made.key === undefined ? undefined : encoding.write({ ...made, key: undefined }, dice);
    return { kind, encoding, place, made, ...written, alone: alone?.text, cores: [...written.cores, ...(alone?.cores ?? [])].flatMap((core) => [core, encodeURIComponent(core)]) };
  });
}

/** Places that cannot hold every character, nor many. */
const narrow = new Set(["quoted", "file"]);
const isShort = ({ text = '"' }) => !/["\\/\n\u0000]/.test(text) && Buffer.byteLength(text) <= 180;

/** What stands in a place of a trace: the canary that is its turn, or what would stand there anyway. */
function slotOf(byPlace, number, planted) {
  return (name, type, plain) => {
    const turn = number % apart === name.length % apart ? Math.floor(number / apart) : -1;
    const canary = turn < 0 ? undefined : byPlace.get(name)?.[turn];
    if (canary === undefined) return plain ?? (type === "inner" || type === "key-inner" ? '{"detail":"the usual"}' : { detail: "the usual" });
    planted.push(canary);
    return fill(type, canary);
  };
}

function fill(type, { made, text, parts, alone, encoding }) {
  const nested = /JSON|nested/.test(encoding.name);
  const members = () => (encoding.name === "plain" ? member(made) : nested ? { payload: text } : made.key !== undefined ? { [made.key]: alone } : { detail: text });
  switch (type) {
    case "pair":
      return parts;
    case "json":
      return members();
    case "inner":
      return nested ? text : JSON.stringify(members());
    case "key":
      return { [text]: "yes" };
    case "key-inner":
      return JSON.stringify({ [text]: "yes" });
    case "text":
      return `Seen just now: ${text} and nothing else.`;
    default:
      return text;
  }
}

/**
 * Everything that is pulled, labelled and named: files of exports (first and second pull), answers in order, and every
 * canary that stands somewhere in them.
 */
export function writeExports(canaries) {
  const byPlace = new Map(places.map((place) => [place.name, canaries.filter((canary) => canary.place === place)]));
  const planted = [];
  const longest = (of) => Math.max(0, ...places.filter((place) => place.of === of).map((place) => byPlace.get(place.name).length)) * apart;
  const dice = diceOf(7);
  const goods = "twine hose spade rake barrel gloves seeds pots trellis shears mulch lamp bench gravel hedge lawn fence shed".split(" ");
  const traceOf = (number) => ({ number, hash: dice.hex(24), words: Array.from({ length: 12 }, () => dice.pick(goods)).join(" "), echo: "" });
  const first = [];
  const second = [];
  for (let number = 0; number < longest("native"); number += 1) {
    const trace = traceOf(number);
    const mine = [];
    const slot = slotOf(byPlace, number, mine);
    // Asked once, so that a place asked for twice (history that is sent again) holds the same.
    const asked = new Map();
    const { now, later } = nativeTrace(trace, (name, type, plain) => asked.get(name) ?? asked.set(name, slot(name, type, plain)).get(name));
    planted.push(...mine);
    first.push(number % 4 === 0 ? [{ data: now }] : now);
    second.push(number % 4 === 1 ? [{ data: later }] : later);
  }
  const lines = (records) => `${records.map((record) => JSON.stringify(record)).join("\n")}\n`;
  const files = new Map();
  const odd = byPlace.get("unreadable line");
  for (const [at, canary] of odd.entries()) {
    planted.push(canary);
    first[at % first.length] = [...(first[at % first.length] ?? []), { raw: `{"object":"trace.span","span_data":{"note":${JSON.stringify(fill("text", canary))}` }];
  }
  const whole = (records) => records.flat().map((record) => record.raw ?? JSON.stringify(record)).join("\n") + "\n";
  const named = byPlace.get("export file name");
  for (const [at, canary] of named.entries()) {
    const mine = first[at];
    if (mine === undefined) break;
    planted.push(canary);
    files.set(`first/${canary.text}.jsonl`, whole([mine]));
    first[at] = [];
  }
  files.set("first/traces.jsonl", whole(first));
  files.set("second/traces.jsonl", lines(second.flat()));
  const spans = [];
  for (let number = 0; number < longest("otlp"); number += 1) {
    const mine = [];
    spans.push(otlpTrace(traceOf(100_000 + number), slotOf(byPlace, number, mine)));
    planted.push(...mine);
  }
  files.set("first/otlp.jsonl", lines(spans));
  const made = Object.fromEntries(
    Object.entries(templates).map(([of, template], family) => [
      of,
      Array.from({ length: longest(of) }, (_, number) => {
        const mine = [];
        const whole = template(traceOf(200_000 + 10_000 * family + number), slotOf(byPlace, number, mine));
        planted.push(...mine);
        return whole;
      }),
    ]),
  );
  const all = (name) => {
    planted.push(...byPlace.get(name));
    return byPlace.get(name).map((canary) => fill("text", canary));
  };
  files.set("first/hydrate.jsonl", lines(made.hydrated.flatMap(({ records }) => records)));
  files.set("posted.json", JSON.stringify(made.posted));
  files.set("api.json", JSON.stringify({ langfuse: made.langfuse.flat(), langsmith: made.langsmith.flat(), phoenix: made.phoenix.flat(), responses: Object.fromEntries(made.hydrated.map(({ id, response, input }) => [id, { response, input }])), refusals: all("words of a refusal") }));
  files.set("broken-answers.jsonl", all("unreadable answer").map((text) => `{"trace":"trace_1","verdict":"fail","note":${JSON.stringify(text)}\n`).join(""));
  files.set("no-records.jsonl", all("no record").map((text, at) => [`${JSON.stringify({ words: text })}\n`, `{"id":1,"text":${JSON.stringify(text)}\n`, `${JSON.stringify({ id: at, text })}\n`][at % 3]).join(""));
  const [notes, words, checks, calls] = others.slice(0, 4).map((place) => byPlace.get(place.name));
  const answers = Array.from({ length: longest("label") / apart }, (_, at) => {
    for (const canary of [notes[at], words[at], checks[at], calls[at]]) if (canary !== undefined) planted.push(canary);
    const call = calls[at] === undefined ? [] : [`must not call delete_all ${JSON.stringify(fill("json", calls[at]))}`];
    const check = checks[at] === undefined ? [] : [`answer must not contain "${checks[at].text}"`];
    const prose = words[at] === undefined ? [] : [fill("text", words[at]).replaceAll("\n", " ")];
    return { note: notes[at] === undefined ? "Wrong." : fill("text", notes[at]), expected: ['answer must contain "a number to call back"', ...call, ...check, ...prose].join("\n") };
  });
  return { files, answers, planted };
}
