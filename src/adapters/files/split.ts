import { scanValue, startScan, type Scan } from "./scan.ts";

/** One record as it stands in a file: its bytes, its 1-based line and 0-based byte. `trouble` instead of trust. */
export type Framed = { readonly bytes: Buffer; readonly line: number; readonly byte: number; readonly trouble?: "too-long" | "cut" };

/** Takes the bytes of one file in chunks of any size and gives back its records. */
export type Splitter = { readonly push: (chunk: Buffer) => Framed[]; readonly end: () => Framed[] };

/** Without a newline for this long, the bytes are searched for values written one after another. */
const longLine = 4 * 1024 * 1024;
const noBytes: Buffer = Buffer.alloc(0);

/**
 * Splits a file into JSON values. Most files hold one value a line and are split at 0x0A alone (never by `readline`, which also
 * splits at U+2028 inside strings). A value that runs over several lines, values without a newline between them, and the
 * elements of a top-level array are found by their structure, so an array of any length streams. After something broken
 * the search goes on at the next line, or in an array at the next element that begins as the others did or begins a line. `cap` bounds one
 * record and so the memory; the work spent on looking again is bounded too.
 */
export function createSplitter(cap: number): Splitter {
  let pending: Buffer = noBytes;
  let base = 0;
  let line = 1;
  let layout: "unknown" | "lines" | "elements" = "unknown";
  let scan: Scan | undefined;
  let resume: "newline" | "element" | undefined;
  let opening: Buffer | undefined;
  let searched = 0;
  let wasted = 0;
  let room = noBytes;
  let used = 0;

  /** What is pending and what came. A long record grows in a buffer with room to spare; nothing handed out is ever overwritten. */
  const joined = (held: Buffer, chunk: Buffer): Buffer => {
    if (held.length === 0) return chunk;
    const start = used - held.length;
    if (held.buffer !== room.buffer || start < 0 || used + chunk.length > room.length || held.byteOffset !== room.byteOffset + start) {
      room = Buffer.allocUnsafeSlow(held.length > chunk.length ? (held.length + chunk.length) * 2 : held.length + chunk.length);
      held.copy(room, 0);
      used = held.length;
    }
    chunk.copy(room, used);
    used += chunk.length;
    return room.subarray(used - held.length - chunk.length, used);
  };

  const take = (final: boolean): Framed[] => {
    const out: Framed[] = [];
    let at = 0;
    const advance = (to: number): void => {
      for (let nl = pending.indexOf(10, at); nl >= 0 && nl < to; nl = pending.indexOf(10, nl + 1)) line += 1;
      at = Math.min(to, pending.length);
    };
    const emit = (end: number, trouble?: Framed["trouble"]): void => {
      const bytes = pending.subarray(at, end);
      out.push({ bytes, line, byte: base + at, ...(trouble === undefined ? {} : { trouble }) });
    };

    for (;;) {
      if (resume !== undefined) {
        const needles = resume === "newline" || opening === undefined ? ["\n"] : [opening, "\n{"];
        const places = needles.map((needle) => pending.indexOf(needle, at)).filter((place) => place >= 0);
        const found = places.length === 0 ? -1 : Math.min(...places);
        if (found < 0) {
          advance(Math.max(at, pending.length - Math.max(...needles.map(({ length }) => length)) + 1));
          if (final) advance(pending.length);
          break;
        }
        advance(found);
        resume = undefined;
      }
      if (scan === undefined) {
        advance(skipBlank(pending, at, layout === "elements"));
        if (at >= pending.length) break;
        if (layout === "unknown") {
          layout = pending[at] === 0x5b ? "elements" : "lines";
          continue;
        }
        if (layout === "lines") {
          // Searched once, however many values stand on the line.
          const newline = pending.indexOf(10, Math.max(at, searched));
          searched = newline < 0 ? pending.length : newline;
          const waiting = newline < 0 && !final;
          if (waiting && pending.length - at <= longLine) break;
          const end = trimEnd(pending, at, newline < 0 ? pending.length : newline);
          const whole = pending[at] !== 0x7b || pending[end - 1] === 0x7d;
          if (!waiting && (whole || wasted > 8 * (base + at) + longLine)) {
            emit(end, newline < 0 ? "cut" : undefined);
            advance(newline < 0 ? pending.length : newline + 1);
            continue;
          }
        }
        scan = startScan();
      }

      const answer = scanValue(scan, pending.subarray(at));
      const closed = answer === "closed" || (final && scan.token && scan.open.length === 0);
      if (closed) {
        const end = at + scan.at;
        if (layout === "elements" && pending[at] === 0x7b) {
          const colon = pending.indexOf(0x3a, at);
          if (colon >= 0 && colon < Math.min(end, at + 200)) opening = Buffer.from(pending.subarray(at, colon + 1));
        }
        emit(end);
        advance(end);
        scan = undefined;
        continue;
      }
      const length = pending.length - at;
      if (answer === "open" && !final && length <= cap) break;
      // Broken, cut off, or too long to hold: report the first line of it and look for the next record.
      const newline = pending.indexOf(10, at);
      const tooLong = answer === "open" && !final;
      wasted += scan.at;
      scan = undefined;
      if (layout === "lines" && newline < 0 && !final && length <= cap) {
        // Nothing of it is JSON so far; its end decides.
        emit(at + 1024);
        advance(pending.length);
        resume = "newline";
        continue;
      }
      const lineEnd = newline < 0 ? pending.length : newline;
      emit(Math.min(lineEnd, at + longLine), tooLong ? "too-long" : answer === "open" && newline < 0 ? "cut" : undefined);
      if (layout === "lines") {
        advance(lineEnd);
        resume = newline < 0 && !final ? "newline" : undefined;
      } else {
        advance(wasted > 8 * (base + at) + longLine ? pending.length : at + 1);
        resume = "element";
      }
    }
    searched = Math.max(0, searched - at);
    base += at;
    pending = at >= pending.length ? noBytes : pending.subarray(at);
    return out;
  };

  return {
    push(chunk) {
      pending = joined(pending, chunk);
      return take(false);
    },
    end: () => take(true),
  };
}

/** Past white space, byte order marks and the commas of arrays (also of one that lost its brackets); between the elements of one also past brackets. */
function skipBlank(bytes: Buffer, from: number, elements: boolean): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x1e) continue;
    if (byte === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 2;
    else if (byte !== 0x2c && !(elements && (byte === 0x5b || byte === 0x5d))) break;
  }
  return at;
}

function trimEnd(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (bytes[end - 1] as number) <= 0x20) end -= 1;
  return end;
}
