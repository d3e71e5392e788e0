import { Writable } from "node:stream";

/** The same terminal, which a prompt may end without ending ours. */
export function quiet(output: Writable & { readonly columns?: number; readonly rows?: number }): Writable {
  const through = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _, done) {
      output.write(chunk);
      done();
    },
  });
  return Object.defineProperties(through, {
    columns: { get: () => output.columns ?? 80 },
    rows: { get: () => output.rows ?? 24 },
    isTTY: { value: true },
  });
}
