import { PassThrough, Writable } from "node:stream";
import xterm from "@xterm/headless";

/** A terminal emulator: what is written to it, as a person would see it. `raw`: a terminal driver has been over it already. */
export function emulator(columns: number, rows: number, { raw = false }: { raw?: boolean } = {}) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: !raw });
  return {
    write: (data: string | Uint8Array): void => terminal.write(data),
    resize: (cols: number, lines: number): void => terminal.resize(cols, lines),
    /** The rows on screen, without trailing spaces. */
    rows: (): string[] => {
      const buffer = terminal.buffer.active;
      return Array.from({ length: terminal.rows }, (_, row) => buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? "");
    },
    alternate: (): boolean => terminal.buffer.active.type === "alternate",
    /** Resolves when everything written so far is on screen. */
    settled: (): Promise<void> => new Promise((done) => terminal.write("", done)),
  };
}

/** Waits until the screen fits, and fails with the screen it saw last. */
export async function until(screen: { rows(): string[]; settled(): Promise<void> }, fits: (text: string) => boolean, what: string): Promise<string> {
  for (let tries = 0; tries < 1000; tries += 1) {
    await screen.settled();
    const text = screen.rows().join("\n");
    if (fits(text)) return text;
    await new Promise((later) => setTimeout(later, 5));
  }
  throw new Error(`never saw ${what}:\n${screen.rows().join("\n")}`);
}

/** A keyboard and a screen in memory, to run the program with `interactive: true`. */
export function fakeTerminal(columns = 80, rows = 24) {
  const screen = emulator(columns, rows);
  let raw = "";
  const output: Writable & { isTTY?: boolean; columns?: number; rows?: number } = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _, done) {
      raw += chunk.toString();
      screen.write(chunk);
      done();
    },
  });
  Object.assign(output, { isTTY: true, columns, rows });
  const input: PassThrough & { isTTY?: boolean; setRawMode?: (on: boolean) => void } = new PassThrough();
  Object.assign(input, { isTTY: true, setRawMode: () => {} });
  return {
    io: { stdin: input, stderr: output, interactive: true } as const,
    screen,
    raw: () => raw,
    /** Sends what a keyboard would, once the screen shows `when`. */
    type: async (when: string, ...keys: string[]): Promise<string> => {
      const seen = await until(screen, (text) => text.includes(when), JSON.stringify(when));
      for (const key of keys) {
        await new Promise((later) => setTimeout(later, 2));
        input.write(key);
      }
      return seen;
    },
    resize: (cols: number, lines: number): void => {
      Object.assign(output, { columns: cols, rows: lines });
      screen.resize(cols, lines);
      output.emit("resize");
    },
  };
}
