import { cleanText, commit, edit, leave, skip, turnTo, undo } from "./actions.ts";
import { searchCodes } from "./codes.ts";
import { lineOf, textOf, typeInto, type Key } from "./line.ts";
import { codesShown, draftOf, placeAt, sheetAt, stay, itemAt, type Mode, type Move, type Place, type Session } from "./session.ts";
import { pressOnSuspects, splitSuspect } from "./suspects.ts";

/** The same key again this soon (milliseconds) after it brought a new trace is a key held down, and does nothing. */
const held = 200;

/**
 * One key of a labelling session: the next session and what the world must do. No key both moves and writes, but the three
 * that decide (Enter, `s`, `u`). A key that comes before the trace it would act on was shown does nothing.
 */
export function press(session: Session, key: Key, now: number): Move {
  if (key.ctrl === true && key.name === "c") return leave(session, now);
  if (session.shownAt === undefined) return stay(session);
  if (session.brought !== undefined && session.brought.key === key.name && session.mode.kind !== "line") {
    if (now - session.brought.at < held) return stay(session, { brought: { key: key.name, at: now } });
  }
  const free: Session = { ...session, brought: undefined, message: "" };
  switch (session.mode.kind) {
    case "line":
      return onLine(free, session.mode, key, now);
    case "search":
      return onSearch(free, session.mode, key, now);
    case "suspects":
      return pressOnSuspects(free, session.mode, key, now);
    case "help":
      return stay(free, { mode: { kind: "keys" } });
    case "end":
      return atEnd(free, key, now);
    case "keys":
      return onKeys(free, key, now);
  }
}

/** What an editor gave back for the expectation; `undefined`: it was closed without saving. */
export function edited(session: Session, text: string | undefined, now: number): Move {
  if (text === undefined) return stay(session, { message: "Not saved: the editor ended with an error." });
  return keepExpected(session, text, now);
}

function keepExpected(session: Session, typed: string, now: number): Move {
  const expected = cleanText(session, typed);
  const message = expected === undefined ? "Nothing is expected." : `Expected kept: ${session.desk.reads(expected)}.`;
  return edit(session, { expected }, { now, message });
}

/** Puts the cursor on a block: what the adapter does when the window was scrolled past it. */
export function pointAt(session: Session, step: number): Session {
  const id = itemAt(session)?.id;
  const last = (sheetAt(session)?.blocks.length ?? 0) - 1;
  if (id === undefined || last < 0) return session;
  const place: Place = { ...placeAt(session), step: Math.max(0, Math.min(step, last)) };
  return { ...session, places: new Map(session.places).set(id, place) };
}

function onKeys(session: Session, key: Key, now: number): Move {
  if (key.name === "paste") return stay(session, { message: "Pasted text is ignored here. f, t or E opens a line for it." });
  if (key.ctrl === true || key.meta === true) return stay(session);
  if (/^[1-9]$/.test(key.name)) return onDigit(session, Number(key.name), now);
  switch (key.name) {
    case "p":
      return edit(session, { verdict: "pass" }, { now, message: "Pass. Enter commits." });
    case "f":
      return stay(session, { mode: { kind: "line", field: "note", line: lineOf(draftOf(session).note ?? ""), fail: true } });
    case "t":
      return stay(session, { mode: { kind: "line", field: "note", line: lineOf(draftOf(session).note ?? "") } });
    case "e":
      return session.desk.editor ? { session, effects: [{ kind: "edit", text: draftOf(session).expected ?? "" }] } : expectInline(session);
    case "E":
      return expectInline(session);
    case "m":
      return mark(session, now);
    case "enter":
      return commit(session, now, "enter");
    case "s":
      return skip(session, now, "s");
    case "u":
      return undo(session, now, "u");
    case "/":
      return stay(session, { codesAsked: true, mode: { kind: "search", line: lineOf(""), pick: 0 } });
    case "j":
      return stay(pointAt(session, placeAt(session).step + 1));
    case "k":
      return stay(pointAt(session, placeAt(session).step - 1));
    case "n":
      return toSuspicious(session, 1);
    case "N":
      return toSuspicious(session, -1);
    case "z":
      return turnFold(session);
    case "[":
      return beside(session, -1, now);
    case "]":
      return beside(session, 1, now);
    case "r":
      return (sheetAt(session)?.suspects.length ?? 0) > 0
        ? stay(session, { mode: { kind: "suspects", pick: 0 } })
        : stay(session, { message: "Redaction left nothing to review in this trace." });
    case "?":
      return stay(session, { mode: { kind: "help" } });
    case "q":
      return leave(session, now);
    default:
      return stay(session);
  }
}

const expectInline = (session: Session): Move =>
  stay(session, { mode: { kind: "line", field: "expected", line: lineOf(draftOf(session).expected ?? "") } });

function onDigit(session: Session, digit: number, now: number): Move {
  if (!codesShown(session)) return stay(session, { codesAsked: true, message: "Codes are on 1-9 now; / finds any code." });
  const code = session.desk.slots[digit - 1];
  return code === undefined ? stay(session, { message: `No code on ${digit}.` }) : toggle(session, code.id, now);
}

function toggle(session: Session, id: string, now: number): Move {
  const { codes } = draftOf(session);
  const has = codes.includes(id);
  const next = has ? codes.filter((code) => code !== id) : [...codes, id];
  const role = next.length === 1 ? " is the root" : "";
  return edit(session, { codes: next }, { now, message: has ? `${id} taken off.` : `${id}${role}. Enter commits.` });
}

function mark(session: Session, now: number): Move {
  const span = sheetAt(session)?.blocks[placeAt(session).step]?.span_id;
  if (span === undefined) return stay(session, { message: "This part has no span of its own; mark another one (j/k)." });
  const same = draftOf(session).firstFailingSpan === span;
  return edit(session, { firstFailingSpan: same ? undefined : span }, { now, message: same ? "Mark taken off." : "First failing span marked." });
}

function toSuspicious(session: Session, by: 1 | -1): Move {
  const blocks = sheetAt(session)?.blocks ?? [];
  const { step } = placeAt(session);
  for (let at = step + by; at >= 0 && at < blocks.length; at += by)
    if ((blocks[at]?.marks.length ?? 0) > 0) return stay(pointAt(session, at));
  const any = blocks.some(({ marks }) => marks.length > 0);
  return stay(session, { message: any ? `No ${by > 0 ? "later" : "earlier"} suspicious part.` : "Nothing suspicious in this trace." });
}

function turnFold(session: Session): Move {
  const id = itemAt(session)?.id;
  if (id === undefined) return stay(session);
  const place = placeAt(session);
  const turned = new Set(place.turned);
  if (!turned.delete(place.step)) turned.add(place.step);
  return stay({ ...session, places: new Map(session.places).set(id, { ...place, turned }) });
}

function beside(session: Session, by: 1 | -1, now: number): Move {
  const at = session.at + by;
  if (at < 0 || at >= session.items.length) return stay(session, { message: by > 0 ? "This is the last trace." : "This is the first trace." });
  return stay(turnTo(session, at, now));
}

function atEnd(session: Session, key: Key, now: number): Move {
  if (key.name === "u" && key.ctrl !== true) return undo(session, now, "u");
  if (key.name === "[" && session.items.length > 0) return stay(turnTo(session, session.at, now));
  return key.name === "q" || key.name === "enter" ? leave(session, now) : stay(session);
}

function onLine(session: Session, mode: Extract<Mode, { kind: "line" }>, key: Key, now: number): Move {
  const keys: Session = { ...session, mode: { kind: "keys" } };
  if (key.name === "escape") return stay(keys, { message: "Nothing changed." });
  if (key.name === "enter" && key.meta === true && mode.field === "expected")
    return stay(session, { mode: { ...mode, line: { ...mode.line, before: `${mode.line.before}\n` } } });
  if (key.name !== "enter") {
    const text = key.text === undefined || mode.field === "expected" ? key.text : key.text.replace(/\s+/g, " ");
    return stay(session, { mode: { ...mode, line: typeInto(mode.line, text === undefined ? key : { ...key, text }) } });
  }
  if (mode.field === "split") return splitSuspect(keys, mode.pick ?? 0, textOf(mode.line), now);
  if (mode.field === "expected") return keepExpected(keys, textOf(mode.line), now);
  const note = cleanText(keys, textOf(mode.line));
  if (mode.fail !== true) return edit(keys, { note }, { now, message: note === undefined ? "No note." : "Note kept." });
  const { codes } = draftOf(keys);
  const message = note === undefined && codes.length === 0 ? "Fail. It needs a note (f) or a code (1-9 or /)." : "Fail. Enter commits.";
  return edit(keys, { note, verdict: "fail" }, { now, message });
}

function onSearch(session: Session, mode: Extract<Mode, { kind: "search" }>, key: Key, now: number): Move {
  const found = searchCodes(session.desk.taxonomy, textOf(mode.line));
  if (key.name === "escape") return stay(session, { mode: { kind: "keys" } });
  if (key.name === "enter") {
    const code = found[mode.pick];
    return code === undefined
      ? stay(session, { message: "No code fits. Describe it in the note; the taxonomy can grow later." })
      : toggle({ ...session, mode: { kind: "keys" } }, code.id, now);
  }
  const by = key.name === "down" || (key.ctrl === true && key.name === "n") ? 1 : key.name === "up" || (key.ctrl === true && key.name === "p") ? -1 : 0;
  if (by !== 0) return stay(session, { mode: { ...mode, pick: Math.max(0, Math.min(found.length - 1, mode.pick + by)) } });
  const text = key.text?.replace(/\s+/g, " ");
  const line = typeInto(mode.line, text === undefined ? key : { ...key, text });
  return stay(session, { mode: { ...mode, line, pick: textOf(line) === textOf(mode.line) ? mode.pick : 0 } });
}
