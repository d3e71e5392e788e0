/**
 * What a gate saw in something about to be committed. `path` is the file's, or `name of <file>`; `line` is 1-based. `token`
 * is a keyed digest of the value, never the value: it goes on an allow list.
 */
export type Leak = {
  readonly gate: "secretlint" | "scan" | "harvest";
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly token: string;
};

/** Text a gate looks at, with the file it is (or will be) in. */
export type Scanned = { readonly path: string; readonly text: string };

/** One gate before a commit. Gates share no code with redaction, so that one mistake is not made twice. */
export interface LeakGate {
  scan(file: Scanned): Promise<readonly Leak[]>;
}

/** Leaks of all gates over all files, contents and names, allowed ones left out, each place once, sorted. */
export async function findLeaks(gates: readonly LeakGate[], files: Iterable<Scanned>, allowed: ReadonlySet<string>): Promise<Leak[]> {
  const leaks = new Map<string, Leak>();
  const keep = (leak: Leak): void => {
    if (!allowed.has(leak.token)) leaks.set(`${leak.path}\0${leak.line}\0${leak.rule}\0${leak.token}`, leak);
  };
  for (const { path, text } of files)
    for (const gate of gates) {
      for (const leak of await gate.scan({ path, text })) keep(leak);
      for (const leak of await gate.scan({ path: `name of ${path}`, text: path })) keep({ ...leak, line: 1 });
    }
  return [...leaks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, leak]) => leak);
}
