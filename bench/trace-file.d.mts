export function writeTraceFile(path: string, megabytes: number, seed?: number): Promise<{ bytes: number; traces: number }>;
