import type { Progress } from "../ports.ts";

/**
 * What a gate saw in something about to be committed. `path` is the file's, or `name of <file>`; `line` is 1-based. `token`
 * is a keyed digest of the value, never the value: it goes on an allow list.
 */
export type Leak = {
  readonly gate: "secretlint" | "scan" | "harvest" | "detectors";
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly token: string;
};

/** Text a gate looks at, with the file it is (or will be) in. */
export type Scanned = { readonly path: string; readonly text: string };

/** One gate before a commit. All but one (`leak-detect.ts`) share no code with redaction, so that one mistake is not made twice. */
export interface LeakGate {
  scan(file: Scanned): Promise<readonly Leak[]>;
}

/** The gates that are up, the tokens people have allowed, and who hears how far it is. */
export type Gated = { readonly gates: readonly LeakGate[]; readonly allowed: ReadonlySet<string>; readonly progress?: Pick<Progress, "tick" | "end"> | undefined };

/**
 * Leaks of all gates over all files, contents and names, allowed ones left out, each place once, sorted. Where a name holds
 * a leak, the parts of it that do are withheld, and so are the words of a case's name where a file of it does: they are words
 * of its input, and what gave a value away there need not be in the name.
 */
export async function findLeaks({ gates, allowed, progress }: Gated, files: Iterable<Scanned>): Promise<Leak[]> {
  let done = 0;
  const leaks = new Map<string, Leak>();
  const look = async (file: Scanned): Promise<Leak[]> =>
    (await Promise.all(gates.map((gate) => gate.scan(file)))).flat().filter((leak) => !allowed.has(leak.token));
  for (const { path, text } of files) {
    const inName = await look({ path, text: path });
    const inText = await look({ path, text });
    const unnamed = inName.length + inText.length === 0 ? path : path.replace(caseName, withheldName);
    const shown = inName.length === 0 ? unnamed : await withhold(unnamed, async (part) => (await look({ path, text: part })).length > 0);
    const all = [...inName.map((leak) => ({ ...leak, path: `name of ${shown}`, line: 1 })), ...inText.map((leak) => ({ ...leak, path: shown }))];
    progress?.tick((done += 1), undefined, "files looked at for leaks");
    for (const leak of all) {
      const key = `${leak.path}\0${leak.line}\0${leak.rule}\0${leak.token}`;
      if (!leaks.has(key)) leaks.set(key, leak);
    }
  }
  progress?.end();
  return [...leaks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, leak]) => leak);
}

const caseName = /(?<=(?:^|\/)cases\/)[^/]+(?=\/)/;

/** What is left of the name of a case (or of anything else) that must not be shown: the digest at its end. */
const withheldName = (name: string): string => `(withheld)${/-[0-9a-f]{8}$/.exec(name)?.[0] ?? ""}`;

/** Words as they can be shown beside these leaks: cases in which a gate saw one are called by their digests alone. */
export function withholdIn(leaks: readonly Leak[]): (words: string) => string {
  const withheld = new Set(leaks.flatMap(({ path }) => path.match(/\(withheld\)-[0-9a-f]{8}/g) ?? []));
  return (words) => words.replace(/[a-z0-9-]+/g, (name) => (withheld.has(withheldName(name)) ? withheldName(name) : name));
}

/** A path without the names in it that leak; of a case folder the digest stays. All else goes where no single name is at fault. */
async function withhold(path: string, leaks: (part: string) => Promise<boolean>): Promise<string> {
  const parts = await Promise.all(path.split("/").map(async (part) => ((await leaks(part)) ? withheldName(part) : part)));
  const shown = parts.join("/");
  return (await leaks(shown)) ? (caseName.exec(path)?.[0] ?? "(withheld)") : shown;
}
