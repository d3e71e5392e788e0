import type { Emit } from "../hit.ts";
import { before, matchAt, type Survey } from "../survey.ts";
import { findStreets } from "./addresses.ts";
import { glanceOf, mayHave, numberOf, withLetter } from "./glance.ts";
import { isNoName } from "./persons.ts";

const given = "(?!I['’])\\p{Lu}[\\p{L}'’-]{1,24}";
const full = `${given}(?: \\p{Lu}\\.)?(?: (?:de|da|van|von|der|bin|bint|al|el|la|di|den|ten|ter|dos|das)){0,2}(?: ${given}){0,2}`;
/** Words right before a name that introduces itself or is addressed; those of the first list are sure. */
const sure = /(?:my (?:full |first |last |legal )?name(?:['’]s| is)|name['’]s|me llamo|m['’]appelle|name ist|ich hei(?:ß|ss)e|mi chiamo|meu nome é|(?:^|[^a-z])(?:mrs?|ms|mx|dr|prof|herr|frau|señora?|mme|sir|madam|dear|miss|judge|nurse|mevrouw|meneer|madame|monsieur|signora?|sig|sra?|dott|gentile|estimad[oa]|caro|cara|beste|geachte|liebe|lieber|chère|cher|drogi|droga|panie|pani)\.?|passenger named|customer named|signed by|on behalf of|nazywam si[ęe]|mijn naam is|(?:ben[ıi]m )?ad[ıi]m|je suis|eu sou|(?:^|[^a-z])soy|mam na imi[ęe]|jag heter|minun nimeni on|(?:^|[^a-z])named|spoke (?:to|with))$/i;
const likely = /(?:this is|i am|i['’]m|call me|ich bin|(?:^|[^a-z])(?:hi|hello|hey|thanks|thank you|regards|sincerely|best|cheers|sorry|welcome(?: back)?|bye|goodbye|great|okay|ok)(?: again)?,?|(?:friend|wife|husband|son|daughter|brother|sister|mother|father|partner|colleague|boss|manager),?)$/i;
const lastWords = new Set("is ist się sie adım adim suis sou soy imię imie heter on is name's name’s llamo m'appelle m’appelle heiße heisse chiamo é mr mr. mrs mrs. ms ms. mx mx. dr dr. prof prof. herr frau señor señora mme sir madam dear miss judge nurse mevrouw meneer madame monsieur signor signora sig sig. sr sr. sra sra. dott dott. gentile estimado estimada caro cara beste geachte liebe lieber chère cher drogi droga panie pani named by of to with am i'm i’m me bin hi hi, hello hello, hey hey, thanks thanks, you you, regards regards, sincerely sincerely, best best, cheers cheers, sorry sorry, welcome back back, bye bye, goodbye goodbye, great great, okay okay, ok ok, again again, friend wife husband son daughter brother sister mother father partner colleague boss manager friend, wife, husband, son, daughter, brother, sister, mother, father, partner,".split(" "));
const smallWords = "van von de der den ten ter la le di da do dos das del bin al el".split(" ");
const smallBefore = new RegExp(`(?<= )(?:(?:${smallWords.join("|")}) ?){1,3}$`);
const lastLetters = glanceOf(lastWords, smallWords);
/** How the word ends that stands before a small last word, where only few do: `name is`, `spoke to`, `thank you`. */
const lettersBefore = new Map(Object.entries({ is: ["e ", "m ", "s "], to: ["e "], with: ["e "], of: ["f "], on: ["i "], by: ["d "], am: ["i "], you: ["k "], "you,": ["k "], me: ["l "] }).map(([word, ends]) => [numberOf(word), ends]));

/** Whether the word that ends at `at` may be one of the last words before a name, or small words of one (`vander`). */
function mayIntroduce(text: string, at: number): boolean {
  let sum = 0;
  let i = at - 1;
  for (; i >= 0; i -= 1) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 10) break;
    if (code === 12 || code >= 128) return true;
    // No such word is longer.
    if (at - i > 12) return false;
    sum = withLetter(sum, code);
  }
  return sum !== 0 && mayHave(lastLetters, sum) && (lettersBefore.get(sum)?.includes(text.slice(Math.max(0, i - 1), i + 1).toLowerCase()) ?? true);
}
const fullHere = new RegExp(`${full}(?![\\p{L}@])`, "uy");
/** Names that introduce themselves or are addressed: `My name is …`, `Dear …`, `Dr. …`. One word after a greeting is likely, too. */
export function findIntroducedNames({ text, capitals }: Survey, emit: Emit): void {
  for (let i = 0; i < capitals.length; i += 2) {
    const capital = capitals[i] ?? 0;
    const blank = text.charCodeAt(capital - 1);
    if ((blank !== 32 && blank !== 10) || !mayIntroduce(text, capital - 1)) continue;
    let start = capital;
    let head = before(text, start - 1, 28);
    // `Dr. van der Meulen`: the name begins with the small words.
    const end = head.charCodeAt(head.length - 1);
    const small = end >= 97 && end <= 122 ? (smallBefore.exec(head)?.[0].length ?? 0) : 0;
    if (small > 0) {
      start -= small + 1;
      head = before(text, start - 1, 28);
    }
    if (!lastWords.has(head.slice(Math.max(head.lastIndexOf(" "), head.lastIndexOf("\n")) + 1).toLowerCase())) continue;
    const isSure = sure.test(head);
    if (!isSure && !likely.test(head)) continue;
    const rest = matchAt(fullHere, text, capital)?.[0];
    if (rest === undefined) continue;
    const found = text.slice(start, capital) + rest;
    const words = found.split(" ");
    const stop = words.findIndex(isNoName);
    if (stop === 0) continue;
    const value = (stop > 0 ? words.slice(0, stop) : words).join(" ").replace(/['’]s$/, "").replace(/[-'’]$/, "");
    if (value.length < 2) continue;
    // `this is NOT …`: shouted, no name.
    if (!isSure && stop < 2 && words.length === 1 && value.length > 2 && value === value.toUpperCase() && /[a-z]/.test(head)) continue;
    const certain = isSure || (stop > 0 ? stop : words.length) > 1;
    emit({ start, end: start + value.length, kind: "NAME", tier: certain ? "certain" : "likely", rule: "introduced-name" });
  }
}

const box = /P\.? ?O\.? ?Box \d{1,6}\b/iy;
const unit = /(?:Apt|Suite|Apartment)\.? #?\d{1,5}[A-Za-z]?(?![\w-])/y;
const ukZip = /(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])/y;
const eircode = /[AC-FHKNPRTV-Y](?:\d\d|6W) (?=[A-Z\d]{0,3}\d)[A-Z\d]{4}(?![A-Za-z\d])/y;
const stateZip = /(?:^|[ ,])(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? $/;


const place = /(?:^|[^\p{L}\p{N}.-])((?:\d{1,4}[A-Za-z]? )?\p{Lu}[\p{L}'’.-]{1,24}(?: (?:\d{1,2}|of|on|upon|in|the|le|\p{Lu}[\p{L}'’.-]{1,24})){0,3})$/u;
/** The places at the end of `head`, two at least: `Mill Lane, Hexham `, `Ballymore, Co. Westmeath, `. */
function placesBefore(head: string): string {
  const parts = head.split(/(?<=, )/);
  let found = "";
  let count = 0;
  for (const part of parts.reverse()) {
    const name = place.exec(part.trimEnd().replace(/,$/, ""))?.[1] ?? "";
    if (name === "" || isNoName(name.split(" ")[0] ?? "")) break;
    const whole = part.slice(part.lastIndexOf(name));
    found = whole + found;
    count += 1;
    if (whole !== part) break;
  }
  return count > 1 ? found : "";
}

/** Postal addresses: streets, boxes, units, codes after a state. */
export function findPostalAddresses(survey: Survey, emit: Emit): void {
  const { text, cues, mixed, numbers } = survey;
  const covered = new Set<number>();
  findStreets(survey, (hit) => {
    covered.add(hit.end);
    emit(hit);
  });
  const put = (start: number, raw: string, kind = "ADDRESS", tier: "certain" | "likely" = "certain"): void =>
    emit({ start, end: start + raw.replace(/[ .,]+$/, "").length, kind, tier, rule: kind === "ZIP" ? "postcode" : "postal-address" });
  /** A code and what stands before it: `Rose Cottage, Mill Lane, Hexham NE46 1QF`. */
  const withPlace = (at: number, code: string, sure: boolean): void => {
    if (covered.has(at + code.length)) return;
    const lead = placesBefore(before(text, at, 90));
    if (lead !== "") put(at - lead.length, lead + code);
    else if (sure) put(at, code, "ZIP");
  };
  for (const at of cues.box) {
    const found = matchAt(box, text, at)?.[0];
    if (found !== undefined) put(at, found);
  }
  for (const at of cues.unit) {
    const found = matchAt(unit, text, at)?.[0];
    if (found !== undefined) put(at, found, "ADDRESS", "likely");
  }
  for (let i = 0; i < mixed.length; i += 2) {
    const at = mixed[i] ?? 0;
    const size = (mixed[i + 1] ?? 0) - at;
    const found = (size === 4 && text.charCodeAt(at + 4) === 32) || size === 6 ? matchAt(ukZip, text, at)?.[0] : undefined;
    if (found !== undefined) withPlace(at, found, true);
    const irish = size === 4 && text.charCodeAt(at - 1) === 32 ? matchAt(eircode, text, at - 4)?.[0] : undefined;
    if (irish !== undefined && !/\w/.test(text[at - 5] ?? "")) withPlace(at - 4, irish, false);
  }
  for (let i = 0; i < numbers.length; i += 3) {
    const at = numbers[i] ?? 0;
    if (text.charCodeAt(at - 1) !== 32) continue;
    const code = /^\d{5}(?:-\d{4})?(?![\w-])/.exec(text.slice(at, at + 11))?.[0];
    if (code !== undefined && stateZip.test(text.slice(Math.max(0, at - 5), at))) put(at, code, "ZIP", "likely");
  }
}

const home = /(?:\/home\/|\/Users\/|[A-Za-z]:\\{1,64}Users\\{1,64}|\/var\/home\/|\/export\/home\/|\\\\{1,2}Users\\{1,4}|%2FUsers%2F|%2Fhome%2F)([A-Za-z0-9][\w.@ -]{0,30}?)(?=[\\/"'`\s:,;)\]}%]|$)/g;
const machines = new Set("runner ubuntu user node app root vscode ec2-user circleci travis jenkins gitpod codespace docker admin administrator public shared default linuxbrew vagrant pi coder developer dev work workspace agent sandbox builder oai jovyan container vsts azureuser opc centos debian test me username name your-username youruser you <user> user1 nonroot bot airflow postgres git www-data openhands swe-agent guest all default".split(" "));

/** The user's name in a home directory. Accounts every machine has (`ubuntu`, `runner`) name nobody. */
export function findHomes({ text }: Survey, emit: Emit): void {
  if (!text.includes("Users") && !text.includes("/home/") && !text.includes("%2Fhome")) return;
  for (const match of text.matchAll(home)) {
    const name = (match[1] ?? "").trim();
    if (name === "" || machines.has(name.toLowerCase())) continue;
    const start = match.index + match[0].lastIndexOf(name);
    emit({ start, end: start + name.length, kind: "USER_ID", tier: "certain", rule: "home-directory" });
  }
}
