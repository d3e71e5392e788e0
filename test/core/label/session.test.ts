import fc from "fast-check";
import { expect, test } from "vitest";
import { edited, press } from "../../../src/core/label/press.ts";
import { effectiveLabels, historyOf, labelEventFormat } from "../../../src/core/label/event.ts";
import { judge } from "../../../src/core/label/actions.ts";
import { codesShown, draftOf, itemAt, pendingOf, placeAt, sheetAt, shown, startSession, type Session } from "../../../src/core/label/session.ts";
import { deskOf, driver, keyed, refund } from "../../support/labelling.ts";

const three = [refund(1), refund(2), refund(3)];
const idAt = (session: Session): string | undefined => itemAt(session)?.id;
const [one, two, last] = three.map(({ trace }) => trace.id) as [string, string, string];

test("p and Enter pass a trace and go on to the next", () => {
  const { press: keys, labels } = driver(three);
  expect(idAt(keys("p", "enter"))).toBe(two);
  expect(labels().get(one)).toMatchObject({ verdict: "pass", codes: [], annotator: "ann", trace_revision: 1, taxonomy: "1.0.0", seconds: 2 });
});

test("f types a note; Enter keeps it, Enter again commits", () => {
  const { press: keys, labels } = driver(three);
  expect(idAt(keys("f", "type:asked ann@example.com twice", "enter"))).toBe(one);
  expect(labels().size).toBe(0);
  expect(idAt(keys("enter"))).toBe(two);
  expect(labels().get(one)).toMatchObject({ verdict: "fail", note: "asked [EMAIL:x] twice" });
});

test.each([
  [["enter"], /p \(pass\) or f \(fail\)/],
  [["f", "enter", "enter"], /needs a note/],
  [["f", "type:  ", "enter", "enter"], /needs a note/],
  [["n", "m", "enter"], /needs a note/],
])("%j commits nothing", (names, message) => {
  const { press: keys, labels } = driver(three);
  const session = keys(...names);
  expect(session.message).toMatch(message);
  expect(labels().size).toBe(0);
  expect(idAt(session)).toBe(one);
});

test("the first code chosen is the root, and a pass has no codes", () => {
  const { press: keys, labels } = driver(three, { desk: { codesAfter: 0 } });
  keys("4", "2", "6", "2", "enter");
  expect(labels().get(one)?.codes).toEqual([
    { id: "handoff.wrong-target", role: "root" },
    { id: "ground.fabricated", role: "downstream" },
  ]);
  keys("4", "m", "p", "enter");
  expect(labels().get(two)).toMatchObject({ verdict: "pass", codes: [] });
  expect(labels().get(two)).not.toHaveProperty("first_failing_span");
});

test("codes are offered after enough notes, or at the first digit, which then chooses nothing", () => {
  const asked = driver(three);
  expect(codesShown(asked.session())).toBe(false);
  expect(draftOf(asked.press("4")).codes).toEqual([]);
  expect(codesShown(asked.session())).toBe(true);
  expect(draftOf(asked.press("4")).codes).toEqual(["handoff.wrong-target"]);
  const noted = driver(three, { desk: { codesAfter: 1 } });
  expect(codesShown(noted.session())).toBe(false);
  expect(codesShown(noted.press("f", "type:late", "enter", "enter"))).toBe(true);
});

test("a search toggles the code that was picked; digits typed into it choose nothing", () => {
  const { press: keys, session } = driver(three);
  expect(draftOf(keys("/", "type:targs", "enter")).codes).toEqual(["tool.args-wrong"]);
  expect(draftOf(keys("/", "type:handoff", "down", "enter")).codes).toEqual(["tool.args-wrong", "handoff.missing-or-late"]);
  expect(keys("/", "type:12p").mode).toMatchObject({ kind: "search" });
  expect(keys("enter").message).toMatch(/No code fits/);
  expect(draftOf(keys("escape")).codes).toHaveLength(2);
  expect(idAt(session())).toBe(one);
});

test("keys typed into a line or pasted anywhere never act", () => {
  const { press: keys, labels, kept } = driver(three);
  keys("paste:pf\nsuq1", "paste:p");
  expect(kept).toEqual([]);
  keys("f", "paste:ps\n12", "type: 19 q", "enter", "enter");
  expect(labels().get(one)?.note).toBe("ps 12 19 q");
});

test("m marks the span under the cursor as the first failing one, and again takes it off", () => {
  const { press: keys, labels } = driver(three);
  const session = keys("n", "m");
  expect(draftOf(session).firstFailingSpan).toBe("span_again1");
  expect(draftOf(keys("m")).firstFailingSpan).toBeUndefined();
  keys("m", "f", "type:loop", "enter", "enter");
  expect(labels().get(one)).toMatchObject({ first_failing_span: "span_again1", verdict: "fail" });
});

test("the cursor starts past the system text and stays inside the trace", () => {
  const { press: keys, session } = driver(three);
  expect(sheetAt(session())?.blocks.map(({ kind }) => kind)).toEqual(["system", "message", "tool", "tool", "message"]);
  expect(placeAt(session()).step).toBe(1);
  expect(placeAt(keys("k", "k", "k")).step).toBe(0);
  expect(placeAt(keys("j", "j", "j", "j", "j", "j")).step).toBe(4);
  expect(placeAt(keys("N")).step).toBe(3);
  expect(keys("N").message).toMatch(/No earlier/);
  expect([...placeAt(keys("z")).turned]).toEqual([3]);
  expect([...placeAt(keys("z")).turned]).toEqual([]);
});

test("expected behaviour is typed inline without an editor, and by the editor with one", () => {
  const inline = driver(three);
  inline.press("e", "type:must call refund", "enter", "p", "enter");
  expect(inline.labels().get(one)?.expected).toBe("must call refund");
  const opened = driver(three, { desk: { editor: true } });
  opened.press("e");
  expect(opened.effects).toEqual([{ kind: "edit", text: "" }]);
  opened.take(edited(opened.session(), "must call refund\nmust not call ann@example.com\n", opened.now()));
  expect(draftOf(opened.session()).expected).toBe("must call refund\nmust not call [EMAIL:x]");
  opened.take(edited(opened.session(), undefined, opened.now()));
  expect(draftOf(opened.session()).expected).toMatch(/^must call/);
});

test("skip puts a trace off to a later session, where it comes last", () => {
  const first = driver(three);
  expect(idAt(first.press("s"))).toBe(two);
  const next = driver(three, { events: first.kept });
  expect(next.session().items.map(({ id }) => id)).toEqual([two, last, one]);
  expect(pendingOf(next.session())).toBe(3);
});

test("[ and ] look at other traces and decide nothing; drafts wait there", () => {
  const { press: keys, labels } = driver(three, { desk: { codesAfter: 0 } });
  keys("4", "]");
  expect(idAt(keys("]"))).toBe(last);
  expect(keys("]").message).toMatch(/last trace/);
  expect(labels().size).toBe(0);
  expect(draftOf(keys("[", "[")).codes).toEqual(["handoff.wrong-target"]);
});

test("a trace that was labelled can be looked at and judged again; Enter without a change writes nothing", () => {
  const { press: keys, labels, kept } = driver(three);
  keys("p", "enter", "[");
  const before = kept.length;
  expect(idAt(keys("enter"))).toBe(two);
  expect(kept.length).toBe(before);
  keys("[", "f", "type:no, wrong", "enter", "enter");
  expect(labels().get(one)).toMatchObject({ verdict: "fail", note: "no, wrong" });
});

test("undo takes back drafts and decisions one by one, also of earlier sessions", () => {
  const first = driver(three);
  first.press("p", "enter", "f", "type:bad", "enter", "enter");
  const next = driver(three, { events: first.kept });
  expect(next.session().items.map(({ id }) => id)).toEqual([last]);
  let session = next.press("u");
  expect(idAt(session)).toBe(two);
  expect(draftOf(session)).toMatchObject({ verdict: "fail", note: "bad" });
  expect(next.labels().has(two)).toBe(false);
  session = next.press("u");
  expect(idAt(session)).toBe(one);
  expect(next.labels().size).toBe(0);
  expect(next.press("u").message).toBe("Nothing to undo.");
  next.press("enter");
  expect(next.labels().get(one)?.verdict).toBe("pass");
});

test("undo of a second judgement brings the first one back", () => {
  const { press: keys, labels } = driver(three);
  keys("p", "enter", "[", "f", "type:bad", "enter", "enter", "u");
  expect(labels().get(one)?.verdict).toBe("pass");
});

test("a session goes on at the exact trace and part, with what was chosen and typed", () => {
  const first = driver(three, { desk: { codesAfter: 0 } });
  first.press("]", "4", "t", "type:hm", "enter", "e", "type:must call x", "enter", "j", "j", "m", "q");
  expect(first.effects.at(-1)).toEqual({ kind: "leave" });
  const next = driver(three, { events: first.kept.map((event) => labelEventFormat.read(JSON.parse(JSON.stringify(event)), "x")) });
  expect(idAt(next.session())).toBe(two);
  expect(placeAt(next.session()).step).toBe(3);
  expect(draftOf(next.session())).toEqual(draftOf(first.session()));
});

test("the end of the queue says so, still undoes, and Enter leaves", () => {
  const { press: keys, session, effects } = driver([three[0]!]);
  expect(keys("p", "enter").mode).toEqual({ kind: "end" });
  expect(idAt(keys("u"))).toBe(one);
  expect(session().mode).toEqual({ kind: "keys" });
  keys("enter", "enter");
  expect(effects.at(-1)).toEqual({ kind: "leave" });
});

test("an empty queue is at its end from the start", () => {
  const { session, press: keys, effects } = driver([]);
  expect(session().mode).toEqual({ kind: "end" });
  keys("p", "u", "[", "q");
  expect(effects).toEqual([{ kind: "leave" }]);
});

test("a key that comes before its trace was shown does nothing, nor does a key held down", () => {
  const desk = deskOf(three);
  const start = startSession(desk, { items: three.map(({ trace }) => ({ id: trace.id, why: "" })), events: [], now: 0 });
  const s = { name: "s", text: "s" };
  expect(press(start, s, 10).effects).toEqual([]);
  let session = press(shown(start, 20), s, 30).session;
  expect(idAt(session)).toBe(two);
  expect(press(session, s, 31).effects).toEqual([]);
  session = shown(session, 40);
  for (let now = 60; now < 900; now += 30) session = press(session, s, now).session;
  expect(idAt(session)).toBe(two);
  session = press(session, { name: "p", text: "p" }, 910).session;
  expect(draftOf(session).verdict).toBe("pass");
  expect(idAt(press(shown(press(start, s, 0).session, 0), s, 500).session)).toBe(two);
});

test("suspects of redaction are masked, allowed or split; only places and tokens are kept", () => {
  const { press: keys, kept, session } = driver([refund(7, { suspect: true })]);
  keys("r", "x", "a", "t", "ctrl-u", "type:Foxes", "enter");
  const journal = JSON.stringify(kept);
  expect(kept.map(({ kind }) => kind)).toEqual(["mask", "allow", "split"]);
  expect(kept.at(-1)).toMatchObject({ mask: { start: 40, end: 45 }, token: "[ORG:7]" });
  expect(journal).not.toMatch(/Foxes|Blue/);
  expect(session().message).toMatch(/That part/);
  expect(keys("t", "type:zzz", "enter").message).toMatch(/exactly as it stands/);
  expect(keys("escape").mode).toEqual({ kind: "keys" });
  expect(historyOf(kept).suspects.size).toBe(1);
});

test("a judgement from elsewhere follows the same rules, and twice is once", () => {
  const run = driver(three);
  const bad = { verdict: "fail", codes: ["tool.args-wrong"], note: " to  ann@example.com ", expected: "must call x" } as const;
  run.take(judge(run.session(), two, bad, 0));
  expect(run.labels().get(two)).toMatchObject({ note: "to [EMAIL:x]", expected: "must call x" });
  const before = run.kept.length;
  run.take(judge(run.session(), two, bad, 0));
  expect(run.kept.length).toBe(before);
  run.take(judge(run.session(), one, { verdict: "fail" }, 0));
  expect(run.session().message).toMatch(/needs a note/);
  expect(run.kept.length).toBe(before);
});

const keyNames = ["p", "f", "s", "u", "1", "4", "9", "/", "m", "e", "E", "t", "j", "k", "n", "N", "z", "[", "]", "r", "x", "a", "?", "enter", "escape", "backspace", "down", "up", "left", "right", "paste:zz\n1p", "ctrl-u", "ctrl-w", "type:é張", "tab", "q"];
const anyKeys = fc.array(fc.constantFrom(...keyNames), { maxLength: 80 });
const some = [refund(1), refund(2, { suspect: true }), refund(3)];

test("no sequence of keys ever keeps an invalid label, and the journal is all one needs to go on", () => {
  fc.assert(
    fc.property(anyKeys, (names) => {
      const run = driver(some);
      run.press(...names);
      for (const event of run.kept) labelEventFormat.read(JSON.parse(JSON.stringify(event)), "kept");
      for (const label of effectiveLabels(run.kept)) {
        const { verdict, codes, note, first_failing_span } = label;
        expect(verdict === "pass" ? codes.length === 0 && first_failing_span === undefined : codes.length > 0 || note !== undefined).toBe(true);
        expect(label.codes.filter(({ role }) => role === "root")).toHaveLength(label.codes.length > 0 ? 1 : 0);
      }
      expect([...run.session().labels.values()]).toEqual(expect.arrayContaining(effectiveLabels(run.kept) as never[]));
      expect(run.session().labels.size).toBe(effectiveLabels(run.kept).length);
      const next = driver(some, { events: run.kept });
      for (const { id } of next.session().items) expect(draftOf(next.session(), id)).toEqual(draftOf(run.session(), id));
    }),
    { numRuns: 150 },
  );
});

test("undo is the inverse: whatever was done, enough of it leads back to nothing", () => {
  fc.assert(
    fc.property(anyKeys, (names) => {
      const run = driver(some);
      run.press(...names.filter((name) => name !== "q" && !/^[xa]$/.test(name)));
      run.press("escape", "escape");
      for (let session = run.session(); session.past.length > 0; ) session = run.press("u");
      expect(run.labels().size).toBe(0);
      expect(historyOf(run.kept).decisions).toEqual([]);
      for (const { id } of run.session().items) expect(draftOf(run.session(), id)).toEqual(draftOf(driver(some).session(), id));
      expect(run.session().tally).toEqual({ passed: 0, failed: 0, skipped: 0, undone: 0, suspects: run.session().tally.suspects });
    }),
    { numRuns: 150 },
  );
});

test("one key and one undo change nothing that is kept or shown of the labels", () => {
  fc.assert(
    fc.property(anyKeys, fc.constantFrom("p", "s", "m", "enter", "4"), (names, name) => {
      const run = driver(some, { desk: { codesAfter: 0 } });
      run.press(...names, "escape", "escape");
      const before = run.session();
      const labels = [...run.labels().values()];
      if (before.mode.kind !== "keys") return;
      const after = run.press(name);
      if (after.past.length === before.past.length) return;
      const back = run.press("u");
      expect([...run.labels().values()]).toEqual(expect.arrayContaining(labels));
      expect(run.labels().size).toBe(labels.length);
      expect(idAt(back)).toBe(idAt(before));
      expect(draftOf(back)).toEqual(draftOf(before));
    }),
    { numRuns: 150 },
  );
});

test("keys in tests are keys as the session knows them", () => {
  expect(keyed("type:ab")).toEqual([{ name: "a", text: "a" }, { name: "b", text: "b" }]);
});
