import type { ChildProcess } from "node:child_process";
import type { Exports } from "./plant.mjs";
type Ran = { readonly code: number; readonly out: string; readonly err: string };
export declare function walk(home: string, exports: Exports, casebook: (cwd: string, argv: readonly string[], options: { env: Record<string, string> }) => Ran | Promise<Ran>, options: { start: (cwd: string, argv: readonly string[]) => ChildProcess }): Promise<{ readonly codes: readonly { readonly name: string; readonly code: number }[] }>;
export declare function leftBehind(home: string): Iterable<readonly [kind: string, name: string, bytes: Buffer]>;
