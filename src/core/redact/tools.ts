import { customDetectors } from "./custom.ts";
import { namesDetector, type Names } from "./detect/names.ts";
import { prepare, type EngineOptions, type Prepared } from "./engine.ts";
import { isStrong } from "./harvest.ts";
import type { Hit } from "./hit.ts";
import { matcherOf, type Matcher, type Pattern } from "./matcher.ts";
import type { Policy } from "./policy.ts";
import { replacerOf, type Replace } from "./replace.ts";
import { emptyMemo, type Scanned } from "./sheet.ts";
import { tokenPattern, tokensOf, type Tokens } from "./token.ts";
import { openSources, type Source } from "./work.ts";

/** Finds in texts what the built-in detectors do not: a model, a company's own rules. One list of hits for each text. */
export type ExternalDetector = (texts: readonly string[]) => readonly (readonly Hit[])[];

export type RedactorOptions = {
  readonly policy: Policy;
  /** 32 bytes. Never leaves this closure. */
  readonly key: Uint8Array;
  readonly keyId: string;
  /** The list of names of people, from `loadNames`. Without it names are found where they introduce themselves. */
  readonly names?: Names;
  readonly external?: ExternalDetector;
};

/** What redaction with one policy and one key is made of. */
export type Tools = {
  readonly tokens: Tokens;
  readonly replace: Replace;
  engine(known?: Iterable<string>): EngineOptions;
  /** Remembers strong values of traces (lists of texts) for all that comes later. Answers what was found in each, so that it need not be looked for again. */
  learn(traces: readonly (readonly Source[])[]): readonly Scanned[];
  prepare(sources: readonly Source[], how?: { readonly known?: Iterable<string> | undefined; readonly local?: Scanned | undefined }): Prepared;
};

/** Strong values of other traces that are remembered; beyond it the first ones stay. */
const corpusLimit = 50_000;

/** The detectors of a policy, the tokens of a key, and a memory of what was learned. */
export function toolsOf({ policy, key, names, external }: RedactorOptions): Tools {
  const tokens = tokensOf(key);
  const detectors = [...customDetectors(policy.patterns), ...(names !== undefined && policy.names ? [namesDetector(names)] : [])];
  const memo = emptyMemo();
  const allow = new Set(policy.allow.flatMap((token) => Array.from(token.matchAll(tokenPattern), ([, , digest = ""]) => digest)));
  const ignore = new Set(policy.ignore);
  const keys = new Map(Object.entries(policy.keys));
  const learned = new Map<string, Pattern>();
  let corpus: Matcher | undefined;
  let corpusSize = 0;
  let learning = false;
  const engine = (known?: Iterable<string>): EngineOptions => {
    if (!learning && learned.size !== corpusSize) {
      corpus = matcherOf([...learned.values()]);
      corpusSize = learned.size;
    }
    return { tokens, detectors, memo, corpus, known, allow, ignore, keys, mask: policy.mask };
  };
  let outside: Map<string, readonly Hit[]> | undefined;
  /** Asks a detector outside about texts it has not been asked about. */
  const ask = (traces: readonly (readonly Source[])[]): void => {
    if (external === undefined) return;
    const found = new Set<string>();
    for (const sources of traces) for (const { view, dull } of openSources(sources).works) if (!dull && view.text.length >= 8 && outside?.has(view.text) !== true) found.add(view.text);
    const texts = [...found];
    const answers = external(texts);
    outside = new Map([...(outside ?? []), ...texts.map((text, i) => [text, answers[i] ?? []] as const)]);
  };
  return {
    tokens,
    replace: replacerOf(tokens, policy.style),
    engine,
    learn(traces) {
      outside = undefined;
      ask(traces);
      learning = true;
      const scanned = traces.map((sources) => {
        const local: Scanned = new Map();
        const { harvest } = prepare(sources, { ...engine(), local, outside });
        for (const pattern of harvest.patterns.values())
          if (learned.size < corpusLimit && isStrong(pattern) && !learned.has(pattern.text)) learned.set(pattern.text, { ...pattern, rule: "seen-in-other-trace" });
        return local;
      });
      learning = false;
      return scanned;
    },
    prepare(sources, { known, local } = {}) {
      ask([sources]);
      return prepare(sources, { ...engine(known), local, outside });
    },
  };
}
