/** What a scan waits for next. */
const value = 0;
const valueOrEnd = 1;
const keyOrEnd = 2;
const key = 3;
const colon = 4;
const commaOrEnd = 5;

/** Deeper than anything we keep, and a bound on what a hostile file can make us remember. */
const deepest = 4000;

/** A JSON value being looked for in bytes: how far it was followed, and where in its structure that is. */
export type Scan = { at: number; expect: number; string: boolean; token: boolean; readonly open: number[] };

export const startScan = (): Scan => ({ at: 0, expect: value, string: false, token: false, open: [] });

/**
 * Follows one JSON value over `bytes` (whose first byte is the value's first) from where the scan stopped, and says whether it
 * closed (`scan.at` is its length), is still open at the end of the bytes (call again with more), or is no JSON. Looks at
 * structure only: words such as NaN pass. Finds the borders of values in files that are not one value a line.
 */
export function scanValue(scan: Scan, bytes: Uint8Array): "closed" | "open" | "broken" {
  const { open } = scan;
  const end = bytes.length;
  let { at, expect, string, token } = scan;
  const stop = (answer: "closed" | "open" | "broken"): typeof answer => {
    scan.at = at;
    scan.expect = expect;
    scan.string = string;
    scan.token = token;
    return answer;
  };
  while (at < end) {
    const byte = bytes[at] as number;
    if (string) {
      if (byte < 0x20) return stop("broken");
      at += byte === 0x5c ? 2 : 1;
      if (byte !== 0x22) continue;
      string = false;
      if (expect === key || expect === keyOrEnd) expect = colon;
      else if (open.length === 0) return stop("closed");
      else expect = commaOrEnd;
      continue;
    }
    const blank = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    const mark = byte === 0x22 || byte === 0x2c || byte === 0x3a || byte === 0x5b || byte === 0x5d || byte === 0x7b || byte === 0x7d;
    if (token) {
      if (!blank && !mark) {
        at += 1;
        continue;
      }
      token = false;
      if (open.length === 0) return stop("closed");
      expect = commaOrEnd;
    }
    if (blank) {
      at += 1;
      continue;
    }
    const wantsValue = expect === value || expect === valueOrEnd;
    if (byte === 0x22) {
      if (!wantsValue && expect !== key && expect !== keyOrEnd) return stop("broken");
      string = true;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (!wantsValue || open.length === deepest) return stop("broken");
      open.push(byte);
      expect = byte === 0x7b ? keyOrEnd : valueOrEnd;
    } else if (byte === 0x7d || byte === 0x5d) {
      const fits = open.pop() === byte - 2 && (expect === commaOrEnd || expect === (byte === 0x7d ? keyOrEnd : valueOrEnd));
      if (!fits) return stop("broken");
      if (open.length === 0) {
        at += 1;
        return stop("closed");
      }
      expect = commaOrEnd;
    } else if (byte === 0x2c) {
      if (expect !== commaOrEnd) return stop("broken");
      expect = open.at(-1) === 0x7b ? key : value;
    } else if (byte === 0x3a) {
      if (expect !== colon) return stop("broken");
      expect = value;
    } else {
      if (!wantsValue) return stop("broken");
      token = true;
    }
    at += 1;
  }
  return stop("open");
}
