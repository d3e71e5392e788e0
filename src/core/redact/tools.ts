import { customDetectors } from "./custom.ts";
import { namesDetector, type Names } from "./detect/names.ts";
import { gather, openSources, type EngineOptions, type Opened, type Prepared } from "./engine.ts";
import { isStrong, unionOf } from "./harvest.ts";
import { lookAt, type ExternalDetector } from "./look.ts";
import { matcherOf } from "./matcher.ts";
import type { Policy } from "./policy.ts";
import { replacerOf, type Replace } from "./replace.ts";
import { tokenPattern, tokensOf, type Tokens } from "./token.ts";
import { createReader, type Source } from "./reading.ts";
import { emptyLexicon } from "./term.ts";

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
  engine(): EngineOptions;
  /** Looks at traces (lists of texts) and remembers their strong values for all that comes later. Each answer is good for one `finish`. */
  learn(traces: readonly (readonly Source[])[]): readonly Prepared[];
  /** Looks at the texts of one trace. `known`: tokens from elsewhere that belong to it. */
  prepare(sources: readonly Source[], known?: Iterable<string>): Prepared;
};

/** Strong values of other traces that are remembered; beyond it the first ones stay. */
const corpusLimit = 50_000;

/** The detectors of a policy, the tokens of a key, and a memory of what was learned. */
export function toolsOf({ policy, key, names, external }: RedactorOptions): Tools {
  const tokens = tokensOf(key);
  const keys = new Map(Object.entries(policy.keys));
  let lexicon = emptyLexicon(keys);
  let read = createReader(lexicon);
  const corpus = matcherOf();
  const replace = replacerOf(tokens, policy.style);
  const options: EngineOptions = {
    tokens,
    replace,
    detectors: [...customDetectors(policy.patterns), ...(names !== undefined && policy.names ? [namesDetector(names)] : [])],
    corpus,
    allow: new Set(policy.allow.flatMap((token) => Array.from(token.matchAll(tokenPattern), ([, , digest = ""]) => digest))),
    ignore: new Set(policy.ignore),
    mask: policy.mask,
  };
  const open = (sources: readonly Source[]): Opened => openSources(sources, read, lexicon);
  /** Opens texts and looks at what is new in them. */
  const look = <T>(opening: () => T): T => {
    try {
      const opened = opening();
      lookAt(lexicon.takeFresh(), { ...options, external });
      return opened;
    } catch (error) {
      // Terms that were not looked at to the end are not to be taken for harmless ones.
      lexicon = emptyLexicon(keys);
      read = createReader(lexicon);
      throw error;
    }
  };
  return {
    tokens,
    replace,
    engine: () => options,
    learn: (traces) => {
      const batch = look(() => traces.map(open)).map((opened) => gather(opened, options));
      for (const { harvest } of batch) for (const pattern of harvest.patterns.values()) if (corpus.size < corpusLimit && isStrong(pattern)) corpus.add({ ...pattern, rule: "seen-in-other-trace" });
      const revealed = matcherOf(unionOf(batch.map(({ harvest }) => harvest), corpus));
      return batch.map((gathered) => ({ ...gathered, revealed }));
    },
    prepare: (sources, known) => {
      const gathered = gather(look(() => open(sources)), options, known);
      return { ...gathered, revealed: matcherOf(gathered.harvest.patterns.values()) };
    },
  };
}
