const iso =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(?:([Zz])|([+-])(\d\d):?(\d\d)?)?$/;
const decimal = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Any time a tracer writes, as ISO-8601 in UTC with nine fraction digits (the `instant` of the trace schema), or
 * `undefined` where it says nothing: null, empty, not a time, zero (1970) and Go's year 1. Reads ISO with any fraction
 * and zone (none means UTC: it is never taken as local time), and numbers or digits as epoch seconds, milli-, micro- or
 * nanoseconds, told apart by size. Fractions are read by hand, because `Date.parse` drops what is under a millisecond.
 */
export function instantOf(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? epoch(plain(value)) : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const parts = iso.exec(text);
  return parts === null ? epoch(text) : civil(parts);
}

function civil(parts: RegExpExecArray): string | undefined {
  const number = (at: number): number => Number(parts[at] ?? 0);
  const [year, month, day, hour, minute, second] = [number(1), number(2), number(3), number(4), number(5), number(6)];
  if (year < 1900 || month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return undefined;
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  if (parts[9] === undefined && year > 1970 && hour < 24 && second < 60)
    return `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6] ?? "00"}.${nineDigits(parts[7] ?? "")}Z`;
  const zone = (parts[9] === "-" ? -1 : 1) * (number(10) * 60 + number(11));
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - zone * 60;
  return instant(BigInt(seconds), parts[7] ?? "");
}

/** Digits of a number without an exponent. A float of seconds keeps the microseconds it can carry. */
function plain(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(6);
}

function epoch(text: string): string | undefined {
  const parts = decimal.exec(text);
  if (parts === null || parts[1] === "-") return undefined;
  const whole = (parts[2] ?? "").replace(/^0+(?=\d)/, "");
  if (whole.length > 21) return undefined;
  // 11 digits of seconds reach the year 5138; each unit has three digits more.
  const unit = whole.length <= 11 ? 0 : whole.length <= 14 ? 3 : whole.length <= 17 ? 6 : 9;
  const cut = whole.length - unit;
  return instant(BigInt(whole.slice(0, cut)), whole.slice(cut) + (parts[3] ?? ""));
}

const nineDigits = (fraction: string): string => fraction.slice(0, 9).padEnd(9, "0");

function instant(seconds: bigint, fraction: string): string | undefined {
  const nine = nineDigits(fraction);
  if (seconds < 0n || (seconds === 0n && nine === "000000000") || seconds > 253_402_300_799n) return undefined;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${nine}Z`;
}
