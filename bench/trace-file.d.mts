export function writeTraceFile(path: string, megabytes: number, how?: { seed?: number; order?: "runs" | "mixed" }): Promise<{ bytes: number; traces: number }>;
