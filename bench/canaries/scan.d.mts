import type { Canary } from "./plant.mjs";
export declare function canaryFinder(canaries: readonly Canary[]): (bytes: Uint8Array) => ReadonlySet<Canary>;
