import { suspectKey, type SuspectEvent } from "./event.ts";
import { lineOf, type Key } from "./line.ts";
import { sheetAt, stay, type Mode, type Move, type Session } from "./session.ts";
import type { Suspect } from "./sheet.ts";

/** What a person decided on a suspect of the trace at hand, if anything. */
export function decisionOn(session: Session, { finding }: Suspect): SuspectEvent["kind"] | undefined {
  return session.suspects.get(suspectKey({ trace_id: sheetAt(session)?.id ?? "", ...finding }))?.kind;
}

/** Keys while the suspects are listed: `x` mask, `a` allow everywhere, `t` mask only a part, j/k move, Esc back. */
export function pressOnSuspects(session: Session, mode: Extract<Mode, { kind: "suspects" }>, key: Key, now: number): Move {
  const suspects = sheetAt(session)?.suspects ?? [];
  const suspect = suspects[mode.pick];
  switch (key.name) {
    case "j":
    case "down":
      return stay(session, { mode: { kind: "suspects", pick: Math.min(suspects.length - 1, mode.pick + 1) } });
    case "k":
    case "up":
      return stay(session, { mode: { kind: "suspects", pick: Math.max(0, mode.pick - 1) } });
    case "x":
      return decide(session, suspect, { kind: "mask" }, now);
    case "a":
      return decide(session, suspect, { kind: "allow" }, now);
    case "t":
      return suspect === undefined ? stay(session) : stay(session, { mode: { kind: "line", field: "split", line: lineOf(suspect.text), pick: mode.pick } });
    case "escape":
    case "enter":
    case "q":
    case "r":
      return stay(session, { mode: { kind: "keys" } });
    default:
      return stay(session);
  }
}

/** Masks the typed part of the suspect that was picked. Only where it stands is kept, never what was typed. */
export function splitSuspect(session: Session, pick: number, typed: string, now: number): Move {
  const back: Session = { ...session, mode: { kind: "suspects", pick } };
  const suspect = sheetAt(session)?.suspects[pick];
  const part = typed.trim();
  const found = suspect === undefined || part === "" ? -1 : suspect.text.indexOf(part);
  if (suspect === undefined || found < 0) return stay(back, { message: "Type a part of the suspect exactly as it stands." });
  const start = suspect.finding.start + found;
  return decide(back, suspect, { kind: "split", mask: { start, end: start + part.length } }, now);
}

type Choice = { readonly kind: "mask" | "allow" } | { readonly kind: "split"; readonly mask: { start: number; end: number } };

const words = { mask: "Will be masked by redact.", allow: "Allowed everywhere.", split: "That part will be masked by redact." } as const;

function decide(session: Session, suspect: Suspect | undefined, choice: Choice, now: number): Move {
  const trace = sheetAt(session)?.id;
  if (suspect === undefined || trace === undefined) return stay(session);
  const { kind: finding, path, start, end, token } = suspect.finding;
  const at = new Date(now).toISOString();
  const event: SuspectEvent = { schema: "casebook/label-event@1", at, trace_id: trace, path, start, end, finding, token, ...choice };
  const suspects = new Map(session.suspects).set(suspectKey(event), event);
  const tally = { ...session.tally, suspects: session.tally.suspects + 1 };
  return { session: { ...session, suspects, tally, message: words[choice.kind] }, effects: [{ kind: "keep", event }] };
}
