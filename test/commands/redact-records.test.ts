import { expect, test } from "vitest";
import { redactRecords, type RedactedRecord } from "../../src/commands/redact.ts";
import { createFilter } from "../../src/core/redact/filter.ts";
import { defaultPolicy } from "../../src/core/redact/policy.ts";

const lines = [
  { id: 1, chat: "a", text: "Quimby-Overlook called again." },
  { id: 2, chat: "b", text: "Nothing to see." },
  { id: 3, text: "Quimby-Overlook is not of this trace." },
  { id: 4, chat: "b", text: "Nor here." },
  { id: 5, chat: "a", text: JSON.stringify({ last_name: "Quimby-Overlook" }) },
  { id: 6, chat: "c", text: "The end." },
].map((line) => JSON.stringify(line));

const redact = (hold: number): RedactedRecord[] => {
  const out: RedactedRecord[] = [];
  redactRecords(lines, { filter: createFilter({ policy: defaultPolicy, key: new Uint8Array(32), keyId: "test" }), groupBy: "chat", file: "chats.jsonl", hold, put: (record) => void out.push(record) });
  return out;
};

test.each([1, 60, 1_000_000])("records of one trace are redacted as one however far apart they stand, in the order they came in (%i characters in hand)", (hold) => {
  const out = redact(hold);
  expect(out.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(out[0]?.text).not.toContain("Quimby");
  expect(out[4]?.text).not.toContain("Quimby");
  expect(out[2]?.text).toBe("Quimby-Overlook is not of this trace.");
});
