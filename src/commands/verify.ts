import { CasebookError } from "../core/base/error.ts";
import { findLeaks, withholdIn, type Gated, type Leak, type Scanned } from "../core/dataset/leak.ts";
import { caseIdsOf, textOf, versionsOf, type FileTree } from "../core/dataset/tree.ts";
import { verifyTree, type Finding } from "../core/dataset/verify.ts";
import type { Taxonomy } from "../core/label/taxonomy.ts";
import type { Progress } from "../core/ports.ts";

/** One dataset verified. `version`: what the tree was held against; undefined where nothing was released yet. */
export type Verified = {
  readonly dataset: string;
  readonly version: string | undefined;
  readonly cases: number;
  readonly findings: readonly Finding[];
  readonly leaks: readonly Leak[];
};

/** Shapes, references, locks and leaks of a dataset. Nothing is written; what is wrong comes back as data. */
export async function verify(tree: FileTree, options: Gated & { readonly name: string; readonly taxonomy: Taxonomy; readonly version?: string | undefined }): Promise<Verified> {
  const { name, taxonomy, version } = options;
  const findings = verifyTree(tree, { taxonomy, locks: "tree", version });
  const leaks = await findLeaks(options, filesOf(tree, findings));
  return { dataset: name, version: version ?? versionsOf(tree).at(-1), cases: caseIdsOf(tree).length, findings: findings.map(shownBeside(leaks)), leaks };
}

/** A finding, without the names of cases that may hold what leaks. */
export function shownBeside(leaks: readonly Leak[]): (finding: Finding) => Finding {
  const withhold = withholdIn(leaks);
  return ({ code, path, message, remedy }) => ({ code, path: withhold(path), message: withhold(message), remedy: withhold(remedy) });
}

/** Every file as text. One that is no text cannot be gated, which is a finding. */
function* filesOf(tree: FileTree, findings: Finding[]): Iterable<Scanned> {
  for (const path of tree.paths()) {
    const named = `${tree.name}/${path}`;
    const text = asText(tree.read(path), named);
    if (text === undefined) findings.push({ code: "not-text", path: named, message: "is not UTF-8 text, so no gate can read it", remedy: "restore it from git" });
    else yield { path: named, text };
  }
}

function asText(bytes: Uint8Array, where: string): string | undefined {
  try {
    return textOf(bytes, where);
  } catch (error) {
    if (error instanceof CasebookError) return undefined;
    throw error;
  }
}

/** The gates over files that are about to be committed, whatever they are. Files that are no text are passed over. */
export async function verifyStaged(files: Iterable<{ readonly path: string; readonly bytes: Uint8Array }>, gated: Gated): Promise<{ files: number; findings: Finding[]; leaks: Leak[] }> {
  const findings: Finding[] = [];
  const texts: Scanned[] = [];
  let count = 0;
  for (const { path, bytes } of files) {
    count += 1;
    if (/(?:^|\/)\.casebook\//.test(path)) findings.push({ code: "private-file", path, message: "belongs to .casebook, which is never committed", remedy: `git rm --cached ${path}` });
    const text = asText(bytes, path);
    if (text !== undefined) texts.push({ path, text });
  }
  return { files: count, findings, leaks: await findLeaks(gated, texts) };
}

/** A leak in some commit. `commits`: those that brought the bytes in or took them out, oldest first. `present`: still there. */
export type PastLeak = Leak & { readonly commits: readonly string[]; readonly present: boolean };

export type HistoryPorts = {
  readonly blobs: readonly { readonly oid: string; readonly path: string }[];
  readonly read: (blobs: HistoryPorts["blobs"]) => Iterable<{ readonly blob: { readonly oid: string; readonly path: string }; readonly bytes: Uint8Array }>;
  readonly commits: (oid: string) => readonly string[];
  /** Objects that are in the tree of the present commit. */
  readonly present: ReadonlySet<string>;
  readonly progress: Progress;
};

/** Every version of every file that git holds, once. What is gone from the tree is still with everyone who has the history. */
export async function verifyHistory({ gates, allowed }: Gated, ports: HistoryPorts): Promise<{ blobs: number; leaks: PastLeak[] }> {
  const leaks: PastLeak[] = [];
  let done = 0;
  for (const { blob, bytes } of ports.read(ports.blobs)) {
    ports.progress.tick((done += 1), ports.blobs.length, "file versions");
    const text = asText(bytes, blob.path);
    if (text === undefined) continue;
    const found = await findLeaks({ gates, allowed }, [{ path: blob.path, text }]);
    if (found.length === 0) continue;
    const commits = ports.commits(blob.oid);
    leaks.push(...found.map((leak) => ({ ...leak, commits, present: ports.present.has(blob.oid) })));
  }
  ports.progress.end();
  return { blobs: ports.blobs.length, leaks };
}
