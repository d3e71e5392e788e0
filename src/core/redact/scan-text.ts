import { findCards, findIdentifiers } from "./detect/identifiers.ts";
import { findEmails, findPhones, findSpelledEmails } from "./detect/contact.ts";
import { findBirthDates } from "./detect/dates.ts";
import { findLabelled } from "./detect/labelled.ts";
import { findMachineTokens } from "./detect/machine.ts";
import { findAddresses, findUrlSecrets } from "./detect/net.ts";
import { findHomes, findIntroducedNames, findPostalAddresses } from "./detect/people.ts";
import { findSecrets } from "./detect/secrets.ts";
import { findVendorTokens } from "./detect/vendors.ts";
import type { Emit, Hit } from "./hit.ts";

/** Something that finds in text what the built-in detectors do not: names lists, a user's patterns. */
export type Detector = (text: string, emit: Emit) => void;

const dataUrl = /data:[a-z0-9.+/-]{0,80}(?:;[a-z0-9=._-]{1,60}){0,4};base64,/gi;
const blob = /[A-Za-z0-9+/_-]{2048}/;
const notBlob = /[^A-Za-z0-9+/=_\s\\-]/g;

/** Every built-in detector (and `more`) over one decoded text. Data URLs are one finding and nothing looks into them. */
export function scanText(text: string, more: readonly Detector[]): Hit[] {
  if (text.length < 3) return [];
  const hits: Hit[] = [];
  let from = 0;
  if (text.length > 64 && text.includes(";base64,"))
    for (const match of text.matchAll(dataUrl)) {
      if (match.index < from) continue;
      notBlob.lastIndex = match.index + match[0].length;
      const end = notBlob.exec(text)?.index ?? text.length;
      scanPiece(text, from, match.index, more, hits);
      hits.push({ start: match.index, end, kind: "BINARY", tier: "certain", rule: "data-url" });
      from = end;
    }
  scanPiece(text, from, text.length, more, hits);
  return hits;
}

function scanPiece(text: string, start: number, end: number, more: readonly Detector[], hits: Hit[]): void {
  if (end - start < 3) return;
  const piece = start === 0 && end === text.length ? text : text.slice(start, end);
  if (piece.length > 4096 && blob.test(piece)) return scanAroundBlobs(piece, start, more, hits);
  runDetectors(piece, more, start === 0 ? (hit) => hits.push(hit) : (hit) => hits.push({ ...hit, start: hit.start + start, end: hit.end + start }));
}

const longRun = /[A-Za-z0-9+/_-]{2048,}={0,2}/g;
/** Very long runs without a space (images, archives) are suspects as a whole; detectors see what stands between them. */
function scanAroundBlobs(piece: string, offset: number, more: readonly Detector[], hits: Hit[]): void {
  let from = 0;
  const put = (at: number) => (hit: Hit): void => void hits.push({ ...hit, start: hit.start + at, end: hit.end + at });
  for (const match of piece.matchAll(longRun)) {
    runDetectors(piece.slice(from, match.index), more, put(offset + from));
    from = match.index + match[0].length;
    hits.push({ start: offset + match.index, end: offset + from, kind: "BLOB", tier: "suspect", rule: "long-run" });
  }
  runDetectors(piece.slice(from), more, put(offset + from));
}

function runDetectors(text: string, more: readonly Detector[], emit: Emit): void {
  const starts: number[] = [];
  const { digits, at, sign } = survey(text, starts);
  if (at) findEmails(text, emit);
  findSpelledEmails(text, emit);
  if (digits) {
    findPhones(text, emit);
    findCards(text, emit);
    findIdentifiers(text, emit);
    findBirthDates(text, emit);
    findPostalAddresses(text, emit);
  }
  if (digits || sign) findAddresses(text, emit);
  if (sign) findUrlSecrets(text, emit);
  findLabelled(text, emit);
  findSecrets(text, emit);
  if (starts.length > 0) findVendorTokens(text, starts, emit);
  findMachineTokens(text, emit);
  findIntroducedNames(text, emit);
  findHomes(text, emit);
  for (const detector of more) detector(text, emit);
}

/** One pass that says which detectors can find anything, and where runs of token characters begin. */
function survey(text: string, starts: number[]): { readonly digits: boolean; readonly at: boolean; readonly sign: boolean } {
  let digits = 0;
  let sign = false;
  let begin = 0;
  for (let i = 0; i <= text.length; i += 1) {
    const code = i < text.length ? text.charCodeAt(i) : 32;
    if (code >= 48 && code <= 57) digits += 1;
    const token = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 95;
    if (code === 58 || code === 61) sign = true;
    if (token) {
      if (begin < 0) begin = i;
      // A vendor's beginning may stand after an underscore or a dash inside a run.
      continue;
    }
    if (begin >= 0 && i - begin >= 2) starts.push(begin);
    begin = -1;
  }
  return { digits: digits > 2, at: text.includes("@"), sign };
}
