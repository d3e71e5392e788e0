import type { Completeness, Status, Suspicion } from "../trace/derived.ts";
import type { TraceFacts } from "../trace/facts.ts";

/** What the order of a queue depends on: how a run ended and what looks wrong in it. */
export type Look = {
  readonly id: string;
  readonly status: Status;
  /** Codes of the suspicious places, each as often as it occurs. */
  readonly suspicions: readonly Suspicion["code"][];
  readonly content: Completeness["content"];
};

/** The look of a trace, from what the index of a store keeps of it. */
export function lookOf(id: string, { status, suspicions, content }: Pick<TraceFacts, "status" | "suspicions" | "content">): Look {
  return { id, status, suspicions: Object.entries(suspicions).flatMap(([code, count]) => Array.from({ length: count }, () => code)), content };
}

const ended: Readonly<Partial<Record<Status, { readonly weight: number; readonly words: string }>>> = {
  error: { weight: 4, words: "ended in an error" },
  blocked: { weight: 3, words: "a guardrail tripped" },
  interrupted: { weight: 3, words: "ended with calls nobody answered" },
  incomplete: { weight: 1, words: "never ended" },
};

/** How much a look promises: 0 nothing, the more the earlier. A run without content promises nothing a person could judge. */
export function promiseOf({ status, suspicions, content }: Look): number {
  return content === "none" ? -1 : (ended[status]?.weight ?? 0) + Math.min(3, suspicions.length);
}

/** Why a look comes early, for the person it is shown to. */
export function wordsOfLook({ status, suspicions, content }: Look): string {
  if (content === "none") return "no content was recorded";
  const counts = new Map<string, number>();
  for (const code of suspicions) if (code !== "error" || status !== "error") counts.set(code, (counts.get(code) ?? 0) + 1);
  const places = [...counts].map(([code, n]) => (n === 1 ? code : `${n} × ${code}`));
  const words = [ended[status]?.words ?? "", ...places].filter((one) => one !== "");
  return words.length === 0 ? "in order of arrival" : words.join(", ");
}
