import type { Readable, Writable } from "node:stream";
import { judge, leave, skip, undo, type Judgement } from "../../core/label/actions.ts";
import { findCode, searchCodes } from "../../core/label/codes.ts";
import type { LabelEvent } from "../../core/label/event.ts";
import { codesShown, itemAt, pendingOf, sheetAt, shown, type Move, type Session } from "../../core/label/session.ts";
import type { Block, Sheet } from "../../core/label/sheet.ts";
import type { Clock } from "../../core/ports.ts";
import { linesOf } from "./lines.ts";

export type LineTerminal = { readonly input: Readable; readonly output: Writable; readonly clock: Clock; readonly signal?: AbortSignal | undefined };

type Ended = { readonly session: Session; readonly interrupted: boolean };

const commands = "p pass, f fail, s skip, u undo, v whole trace, ? help, q quit";

/**
 * Labelling line by line: no cursor movement, no colour, one question a line, for screen readers, pipes and slow terminals.
 * Questions and traces go to `output`. The end of the input is `q`: everything decided is kept.
 */
export async function labelByLine(start: Session, keep: (event: LabelEvent) => void, { input, output, clock, signal }: LineTerminal): Promise<Ended> {
  const lines = linesOf(input);
  const say = (text: string): void => void output.write(`${text}\n`);
  const stopped = new Promise<undefined>((stop) => signal?.addEventListener("abort", () => stop(undefined), { once: true }));
  /** One line, trimmed; `undefined` at the end of the input. */
  const ask = async (question: string): Promise<string | undefined> => {
    output.write(`${question} `);
    const next = await Promise.race([lines.next(), stopped]);
    return next === undefined || next.done === true ? undefined : next.value.trim();
  };
  let session = start;
  const take = (move: Move): void => {
    session = move.session;
    for (const effect of move.effects) if (effect.kind === "keep") keep(effect.event);
    if (session.message !== "") say(session.message);
  };
  const finish = (): Ended => {
    take(leave({ ...session, message: "" }, clock.now()));
    return end();
  };
  /** Lets go of the input, which would keep the process waiting for one more line. */
  const end = (): Ended => {
    output.write("\n");
    input.destroy();
    return { session, interrupted: signal?.aborted === true };
  };

  let told: string | undefined;
  for (;;) {
    const item = itemAt(session);
    const sheet = sheetAt(session);
    if (session.mode.kind === "end" || item === undefined) {
      say("Every trace of this queue has had its turn.");
      const last = session.past.length > 0 ? await ask("u to take back the last decision, anything else to leave:") : undefined;
      if (last !== "u") return end();
      take(undo(session, clock.now()));
      continue;
    }
    if (told !== item.id) {
      say(`\nTrace ${session.at + 1} of ${session.items.length}, ${pendingOf(session)} to go: ${item.id}\nWhy: ${item.why}`);
      if (sheet !== undefined) say(textOf(sheet, false));
      session = shown(session, clock.now());
      told = item.id;
    }
    const typed = await ask(`Verdict? (${commands})`);
    if (typed === undefined || /^q(uit)?$/i.test(typed)) return finish();
    switch (typed.toLowerCase()) {
      case "p":
      case "pass": {
        take(judge(session, item.id, { verdict: "pass" }, clock.now()));
        break;
      }
      case "f":
      case "fail": {
        const judgement = sheet === undefined ? undefined : await failure(session, sheet, ask, say);
        if (judgement === "ended") return finish();
        if (judgement !== undefined) take(judge(session, item.id, judgement, clock.now()));
        break;
      }
      case "s":
      case "skip":
        take(skip(session, clock.now()));
        break;
      case "u":
      case "undo":
        take(undo(session, clock.now()));
        told = undefined;
        break;
      case "v":
      case "view":
        if (sheet !== undefined) say(textOf(sheet, true));
        break;
      default:
        say(help);
    }
  }
}

const help = `  p  pass and go on
  f  fail: asks for a note, codes, the first failing part, what was expected
  s  skip, to be asked again in a later session
  u  undo the last decision, also of earlier sessions
  v  view the whole trace, nothing folded
  q  save and quit`;

type Ask = (question: string) => Promise<string | undefined>;

/** What went wrong, in up to four questions; an empty line answers nothing. `ended`: the input ended in the middle. */
async function failure(session: Session, sheet: Sheet, ask: Ask, say: (text: string) => void): Promise<Judgement | "ended" | undefined> {
  const note = await ask("What went wrong first? (one line)");
  if (note === undefined) return "ended";
  const codes = codesShown(session) || note === "" ? await askCodes(session, ask, say) : [];
  if (codes === undefined) return "ended";
  if (note === "" && codes.length === 0) {
    say("A fail needs a note or a code. Nothing was kept.");
    return undefined;
  }
  let span: string | undefined;
  for (;;) {
    const part = await ask(`First failing part? (1-${sheet.blocks.length}, empty for none)`);
    if (part === undefined) return "ended";
    if (part === "") break;
    span = sheet.blocks[Number(part) - 1]?.span_id;
    if (span !== undefined) break;
    say("No such part, or it has no span of its own.");
  }
  const expected = await ask("What should have happened? (one line, empty for nothing)");
  return expected === undefined ? "ended" : { verdict: "fail", codes, firstFailingSpan: span, expected, note };
}

async function askCodes({ desk }: Session, ask: Ask, say: (text: string) => void): Promise<readonly string[] | undefined> {
  desk.slots.forEach(({ id, name }, index) => say(`  ${index + 1}  ${name} (${id})`));
  for (;;) {
    const typed = await ask("Codes? (numbers or ids, the root first; a word searches; empty for none)");
    if (typed === undefined) return undefined;
    const words = typed.split(/[\s,]+/).filter(Boolean);
    const codes = words.map((word) => (/^[1-9]$/.test(word) ? desk.slots[Number(word) - 1] : findCode(desk.taxonomy, word)));
    if (codes.every((code) => code !== undefined)) return [...new Set(codes.map(({ id }) => id))];
    const found = searchCodes(desk.taxonomy, typed).slice(0, 9);
    say(found.length === 0 ? "No code fits." : found.map(({ id, definition }) => `  ${id}: ${definition}`).join("\n"));
  }
}

/** A trace as text, its parts numbered. Folded: the first words of each passage. */
function textOf({ blocks }: Sheet, whole: boolean): string {
  const text = ({ passages }: Block): string[] =>
    passages
      .map(({ short, full, lines }) => (whole ? full : firstWords(short, lines)))
      .filter((passage) => passage !== "")
      .flatMap((passage) => passage.split("\n").map((line) => `   ${line}`));
  return blocks.flatMap((block, index) => [`${index + 1}. ${block.head}${block.marks.length > 0 ? ` ! ${block.marks.join("; ")}` : ""}`, ...text(block)]).join("\n");
}

function firstWords(text: string, lines: number): string {
  const kept = text.slice(0, lines * 80).split("\n").slice(0, lines).join("\n");
  return lines === 0 ? "" : kept.length < text.length ? `${kept} ... (${text.length - kept.length} more characters, v shows them)` : kept;
}
