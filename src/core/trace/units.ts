import { canonicalJson, parseJson } from "../base/json.ts";
import type { Message, Part } from "./schema.ts";

/**
 * What a message says, item by item. One API packs text and calls into one message and another into several, and a
 * message is often resent in another packing than it was said in; units compare where messages would not. `key` is equal
 * for equal units; `loose` leaves out the call id, for sources that drop it on the way.
 */
export type Unit =
  | { readonly kind: "text"; readonly role: Message["role"]; readonly text: string; readonly key: string; readonly loose: string }
  | { readonly kind: "reasoning"; readonly text: string; readonly key: string; readonly loose: string }
  | { readonly kind: "other"; readonly text: string; readonly key: string; readonly loose: string }
  | CallUnit
  | ResultUnit;

export type CallUnit = {
  readonly kind: "call";
  readonly call_id: string | undefined;
  readonly name: string;
  readonly arguments: string;
  readonly key: string;
  readonly loose: string;
};

export type ResultUnit = {
  readonly kind: "result";
  readonly call_id: string | undefined;
  readonly name: string | undefined;
  readonly output: string;
  readonly key: string;
  readonly loose: string;
};

/** The units of one message. Parts of text, images, audio and files that follow each other are one unit of text. */
export function unitsOf(message: Message): Unit[] {
  const units: Unit[] = [];
  let text: string[] = [];
  const flush = (): void => {
    const whole = text.join("\n");
    text = [];
    if (whole.trim() === "") return;
    const key = `t|${message.role}|${whole}`;
    units.push({ kind: "text", role: message.role, text: whole, key, loose: key });
  };
  for (const part of message.parts) {
    const words = wordsOf(part);
    if (words !== undefined) {
      text.push(words);
      continue;
    }
    flush();
    const unit = unitOf(part);
    if (unit !== undefined) units.push(unit);
  }
  flush();
  return units;
}

function wordsOf(part: Part): string | undefined {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "binary":
      return `[${part.media}${part.mime === undefined ? "" : ` ${part.mime}`}, ${part.bytes} bytes]`;
    case "ref":
      return `[${part.media} ${part.ref}]`;
    default:
      return undefined;
  }
}

function unitOf(part: Part): Unit | undefined {
  switch (part.type) {
    case "tool_call": {
      const { call_id, name, arguments: args } = part;
      const loose = `c|${name}|${argumentsKey(args)}`;
      return { kind: "call", call_id, name, arguments: args, key: `${call_id ?? ""}|${loose}`, loose };
    }
    case "tool_result": {
      const { call_id, name, output } = part;
      const loose = `r|${output}`;
      return { kind: "result", call_id, name, output, key: `${call_id ?? ""}|${loose}`, loose };
    }
    case "reasoning": {
      const key = `i|${part.text}`;
      return part.text.trim() === "" ? undefined : { kind: "reasoning", text: part.text, key, loose: key };
    }
    case "json": {
      const text = `${part.native_type === undefined ? "" : `${part.native_type} `}${canonicalJson(part.value)}`;
      return { kind: "other", text, key: `j|${text}`, loose: `j|${text}` };
    }
    default:
      return undefined;
  }
}

/** Arguments with the same meaning have the same key, whatever their white space and order of members. */
export function argumentsKey(text: string): string {
  const value = parseJson(text);
  try {
    return value === undefined ? text : canonicalJson(value);
  } catch {
    // Nested deeper than a stack: as text, then.
    return text;
  }
}
