import { customDetectors } from "./custom.ts";
import { namesDetector, type Names } from "./detect/names.ts";
import { prepareAll, type EngineOptions, type Prepared } from "./engine.ts";
import { isStrong } from "./harvest.ts";
import type { Hit } from "./hit.ts";
import { matcherOf, type Matcher, type Pattern } from "./matcher.ts";
import type { Policy } from "./policy.ts";
import { replacerOf, type Replace } from "./replace.ts";
import { emptyMemo } from "./sheet.ts";
import { tokenPattern, tokensOf, type Tokens } from "./token.ts";
import type { Source } from "./work.ts";

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
  /** Takes traces (lists of texts) apart and remembers their strong values for all that comes later. */
  learn(traces: readonly (readonly Source[])[]): readonly (Prepared | undefined)[];
  prepare(sources: readonly Source[], known?: Iterable<string>): Prepared;
};

/** Taken-apart texts take many times their room: so many characters of a batch are kept that way, the rest is taken apart again. */
const keptLimit = 2_000_000;
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
  const engine = (known?: Iterable<string>): EngineOptions => {
    if (learned.size !== corpusSize) {
      corpus = matcherOf([...learned.values()]);
      corpusSize = learned.size;
    }
    return { tokens, detectors, memo, corpus, known, allow, ignore, keys, external };
  };
  return {
    tokens,
    replace: replacerOf(tokens, policy.style),
    engine,
    learn(traces) {
      let size = 0;
      let at = 0;
      const kept: (Prepared | undefined)[] = [];
      for (const one of prepareAll(traces, engine())) {
        for (const pattern of one.harvest.patterns.values())
          if (learned.size < corpusLimit && isStrong(pattern) && !learned.has(pattern.text)) learned.set(pattern.text, { ...pattern, rule: "seen-in-other-trace" });
        size += traces[at]?.reduce((sum, { text }) => sum + text.length, 0) ?? 0;
        at += 1;
        kept.push(size <= keptLimit ? one : undefined);
      }
      return kept;
    },
    prepare: (sources, known) => {
      const [one] = prepareAll([sources], engine(known));
      if (one === undefined) throw new Error("one trace in, one out");
      return one;
    },
  };
}
