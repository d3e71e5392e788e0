export type Canary = { readonly kind: { readonly name: string }; readonly encoding: { readonly name: string }; readonly place: { readonly name: string }; readonly text?: string; readonly parts?: readonly string[] };
export type Exports = { readonly files: ReadonlyMap<string, string>; readonly answers: readonly object[]; readonly planted: readonly Canary[] };
export declare const places: readonly { readonly name: string }[];
export declare function plantCanaries(options: { count: number; seed: number; control?: boolean }): readonly Canary[];
export declare function writeExports(canaries: readonly Canary[]): Exports;
