import process from "node:process";
import { emitKeypressEvents } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { createPrompt, useEffect, useKeypress, useState } from "@inquirer/core";
import { leave } from "../../core/label/actions.ts";
import type { LabelEvent } from "../../core/label/event.ts";
import type { Key } from "../../core/label/line.ts";
import { edited, pointAt, press } from "../../core/label/press.ts";
import { itemAt, placeAt, shown, type Move, type Session } from "../../core/label/session.ts";
import type { Clock } from "../../core/ports.ts";
import { alternateScreen } from "./alternate.ts";
import { pasteCollector, type RawKey } from "./keys.ts";
import { paint, topFor, type Size } from "./paint.ts";
import { quiet } from "./quiet.ts";
import { blockInView, scroll } from "./window.ts";

export type Terminal = {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  readonly output: Writable & { readonly columns?: number; readonly rows?: number };
  readonly colour: boolean;
  readonly clock: Clock;
  /** Opens an editor on a text; `undefined`: it was not saved. */
  readonly edit?: (text: string) => string | undefined;
  readonly signal?: AbortSignal | undefined;
};

type Ended = { readonly session: Session; readonly interrupted: boolean };

/**
 * The labelling screen: one prompt on the alternate screen, a pure reducer behind it, a pure paint before it. Every event is
 * kept before the next frame is painted. Ends by `q` or a closed terminal (saved), or by Ctrl-C or a signal (saved, `interrupted`).
 */
export async function labelOnScreen(start: Session, keep: (event: LabelEvent) => void, terminal: Terminal): Promise<Ended> {
  const { input, output, colour, clock, edit, signal } = terminal;
  const screen = alternateScreen(output);
  const collect = pasteCollector();
  let session = start;
  let top = 0;
  let turns = 0;
  let broken: unknown;
  const sizeOf = (): Size => ({ columns: output.columns ?? 80, rows: output.rows ?? 24 });
  const look = () => ({ ...sizeOf(), colour, now: clock.now(), top });

  const take = ({ session: next, effects }: Move): boolean => {
    const before = itemAt(session)?.id;
    session = next;
    let going = true;
    for (const effect of effects) {
      if (effect.kind === "keep") keep(effect.event);
      if (effect.kind === "leave") going = false;
      if (effect.kind === "edit") going = take(edited(session, inEditor(effect.text), clock.now()));
    }
    if (itemAt(session)?.id !== before) top = 0;
    return going;
  };
  const inEditor = (text: string): string | undefined => {
    screen.leave();
    input.setRawMode?.(false);
    const typed = edit?.(text);
    input.setRawMode?.(true);
    screen.enter();
    return typed;
  };
  const onKey = (key: Key): boolean => {
    if (scrolled(key)) return true;
    const step = placeAt(session).step;
    const going = take(press(session, key, clock.now()));
    if (placeAt(session).step !== step || top === 0) top = topFor(session, look());
    return going;
  };
  const scrolled = (key: Key): boolean => {
    if (session.mode.kind !== "keys" || session.shownAt === undefined) return false;
    const { window, layout } = paint(session, look());
    const page = Math.max(1, window.height - 2);
    const by = { down: 1, up: -1, " ": page, pagedown: page, b: -page, pageup: -page, g: -Infinity, home: -Infinity, G: Infinity, end: Infinity }[key.name];
    if (by === undefined || layout === undefined || key.meta === true || key.ctrl === true) return false;
    const next = scroll(window, layout, Math.max(-layout.total, Math.min(layout.total, by)));
    top = next.top;
    const { step } = placeAt(session);
    const seen = by === Infinity ? layout.starts.length - 1 : by === -Infinity ? 0 : blockInView(next, layout, step);
    session = { ...pointAt(session, seen), message: "" };
    return true;
  };

  const prompt = createPrompt<boolean, Record<string, never>>((_, done) => {
    const [turn, setTurn] = useState(0);
    const again = (): void => setTurn((turns += 1));
    useEffect((rl) => {
      // The first frame stands; what was typed before it has been let go by the prompt.
      session = shown(session, clock.now());
      const redraw = (): void => {
        output.write("\u001b[2J\u001b[H");
        top = topFor(session, look());
        again();
      };
      const suspend = (): void => {
        screen.leave();
        input.setRawMode?.(false);
        process.once("SIGCONT", () => {
          input.setRawMode?.(true);
          screen.enter();
          redraw();
        });
        process.kill(process.pid, "SIGTSTP");
      };
      output.on("resize", redraw);
      rl.on("SIGTSTP", suspend);
      // The terminal went away, or Ctrl-D: as `q`.
      rl.on("close", () => done(true));
      return () => void output.off("resize", redraw);
    }, []);
    useEffect(() => {
      // Keys act on what has been painted: those that came in one piece with the key that brought it are too early.
      const painted = setImmediate(() => (session = shown(session, clock.now())));
      return () => clearImmediate(painted);
    }, [turn]);
    useKeypress((raw: RawKey, rl) => {
      rl.clearLine(0);
      const key = collect(raw);
      // Ctrl-C, Ctrl-D and Ctrl-Z come as events of their own; a frame painted now would land on the wrong screen.
      if (key === undefined || (key.ctrl === true && /^[cdz]$/.test(key.name))) return;
      try {
        if (!onKey(key)) return done(true);
      } catch (error) {
        broken = error;
        return done(false);
      }
      again();
    });
    return paint(session, look()).rows.join("\n");
  });

  emitKeypressEvents(input, { escapeCodeTimeout: 30 } as never);
  top = topFor(session, look());
  screen.enter();
  let interrupted = false;
  try {
    await prompt({}, { input, output: quiet(output), clearPromptOnDone: true, ...(signal !== undefined && { signal }) });
  } catch (error) {
    if (!(error instanceof Error) || !/^(ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(error.name)) throw error;
    interrupted = true;
    take(leave(session, clock.now()));
  } finally {
    screen.leave();
  }
  if (broken !== undefined) throw broken;
  return { session, interrupted };
}
