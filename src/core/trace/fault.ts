import { isObject } from "../base/json.ts";
import type { Span, Trace } from "./schema.ts";
import type { Place, Tree } from "./tree.ts";

/** The SDK's own words that say only that something failed, not what. */
const wrappers = new Set(["Error in agent run", "Error getting response", "Error streaming response", "Error"]);

/** What a span's error says, once: the SDK often puts a general sentence in `message` and the cause in `data.error`. */
export function faultWords(error: NonNullable<Span["error"]>): string {
  const cause = isObject(error.data) && typeof error.data["error"] === "string" ? error.data["error"] : "";
  if (cause === "" || cause === error.message || cause === "Error") return error.message;
  return wrappers.has(error.message) ? cause : `${error.message}: ${cause}`;
}

/**
 * The errors of a trace, each once. The SDK repeats the text of one failure on the turn, the agent and the task above it;
 * an error is left out where a span below already tells it (same words, words contained in it, or a wrapper without
 * words), and where it only says that a guardrail tripped while that guardrail is in the trace.
 */
export function faultsOf(trace: Trace, tree: Tree): readonly Place[] {
  const tripped = trace.spans.some((span) => span.guardrail?.triggered === true);
  const below = new Map<Place, string[]>();
  const told: Place[] = [];
  for (const place of tree.places.toReversed()) {
    const { error } = place.span;
    const known = below.get(place) ?? [];
    const words = error === undefined ? undefined : faultWords(error);
    if (words !== undefined && !repeats(words, known) && !(tripped && saysOnlyTripped(words))) told.push(place);
    if (place.parent === undefined) continue;
    const up = below.get(place.parent) ?? [];
    const more = words === undefined || known.includes(words) ? known : [...known, words];
    // Bounded, so that a deep chain of different errors costs no more than it is long.
    below.set(place.parent, [...up, ...more].slice(0, 50));
  }
  return told.reverse();
}

function repeats(words: string, known: readonly string[]): boolean {
  if (wrappers.has(words)) return known.some((one) => !one.includes("(non-fatal)"));
  return known.some((one) => words === one || (causeOf(one).length >= 8 && words.includes(causeOf(one))));
}

/** `Error running tool: Error: boom` → `Error: boom`: what an ancestor repeats of it. */
const causeOf = (words: string): string => words.replace(/^Error running tool(?: \(non-fatal\))?: /, "");

const saysOnlyTripped = (words: string): boolean =>
  wrappers.has(words) || /^(?:\w+: )?Guardrail \S+ (?:was )?triggered|^Guardrail tripwire triggered/i.test(words);
