import type { Emit } from "../hit.ts";

const given = "(?!I['’])\\p{Lu}[\\p{L}'’-]{1,24}";
const full = `${given}(?: \\p{Lu}\\.)?(?: (?:de|da|van|von|der|bin|al|el|la|di|den|dos)){0,2}(?: ${given}){0,2}`;
const intro = new RegExp(
  `(?:\\b[Mm]y (?:full |first |last |legal )?name is|\\b[Mm]y name['’]s|\\b[Nn]ame['’]?s|\\b[Tt]his is|\\b(?:I am|I['’]m)|\\b[Cc]all me|\\b[Mm]e llamo|\\b[Jj]e m['’]appelle|\\b[Ii]ch (?:heiße|heisse|bin)|\\b[Mm]i chiamo|\\b[Mm]eu nome é|\\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Herr|Frau|Señora?|Mme|Sir|Madam)\\.?|\\b(?:Dear|Hi|Hello|Hey|Thanks|Thank you|Regards|Sincerely|Best|Cheers|Sorry|Welcome(?: back)?|Bye|Goodbye|Great|Okay|Ok)(?: again)?,?|\\b(?:on behalf of|named|signed by|passenger named|customer named|spoke (?:to|with)|friend|wife|husband|son|daughter|brother|sister|mother|father|partner|colleague|boss|manager))[ \\n]{1,2}(${full})(?![\\p{L}@])`,
  "gu",
);
const notNames = new Set(
  `I A The This That Your You My We Our It Its Not No Yes Please Thank Thanks Sure Here There Just Going Looking Trying Sorry Glad Happy Sir Madam Team All Everyone Everybody Customer Support Service Agent Assistant User
  AI GPT Claude ChatGPT Today Tomorrow Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December
  English Spanish French German American British Indian Chinese Economy Business First Basic Flight Order Ok Okay Hello Hi Hey And But Or So If For From With Let How What When Where Why Who Is Are Am Was Can Could Would
  Should Do Does Did Have Has Had Will May Might Must Also Now Then Once Since As At By In On To Of Up Out An Any Some Each Every Both Python JavaScript TypeScript Java Rust Linux Windows Mac Google Apple Microsoft OpenAI
  GitHub World Error None True False Null Note Step Based After Before Great Good Best Regards Gold Silver Bronze Platinum Regular Member Admin Manager Interested Available Unable Able Ready New York Los Angeles San
  Francisco Boston Seattle Chicago Denver Dallas Houston Miami Atlanta Phoenix Philadelphia Charlotte Detroit Minneapolis Orlando Vegas Newark Let's Currently Kindly Unfortunately Really Very Actually Still Only
  Calling Contacting Writing Wondering Having Located Because Afraid Fine Well Back Home Using Doing Getting Planning Hoping Considering Traveling Flying Booking`.split(/\s+/),
);

/** Whether a capitalised word can be no name: greetings, places of the map, days, what starts sentences. */
export const isNoName = (word: string): boolean => notNames.has(word);

/** Names that introduce themselves or are addressed: `My name is …`, `Dear …`, `Dr. …`. One word after a greeting is likely, too. */
export function findIntroducedNames(text: string, emit: Emit): void {
  for (const match of text.matchAll(intro)) {
    const found = match[1] ?? "";
    const words = found.split(" ");
    let kept = words.length;
    const stop = words.findIndex((word) => notNames.has(word));
    if (stop === 0) continue;
    if (stop > 0) kept = stop;
    const value = words.slice(0, kept).join(" ").replace(/['’]s$/, "").replace(/[-'’]$/, "");
    if (value.length < 2) continue;
    const start = match.index + match[0].length - found.length;
    const opening = match[0].slice(0, match[0].length - found.length).trim();
    const sure = /name|llamo|appelle|hei|chiamo|nome|Mrs?|Ms|Dr|Dear/i.test(opening) || words.length > 1;
    // `I am Sorry`-like slips: after "I am" or a greeting a lone word must not be shouted.
    if (/^[A-Z]{2,}$/.test(value) && !sure) continue;
    emit({ start, end: start + value.length, kind: "NAME", tier: sure ? "certain" : "likely", rule: "introduced-name" });
  }
}

const suffixes = "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Ter|Square|Sq|Circle|Cir|Parkway|Pkwy|Highway|Hwy|Trail|Trl|Close|Crescent|Mews|Row|Alley|Plaza|Loop|Run";
const street = new RegExp(`(?<![\\w.$-])\\d{1,6}[A-Za-z]?,? (?:[NSEW]\\.? )?(?:\\p{Lu}[\\p{L}'’.-]{1,24} |\\d{1,3}(?:st|nd|rd|th) ){1,4}(?:${suffixes})\\b\\.?(?:,? (?:Apt|Suite|Ste|Unit|Floor|Fl|Apartment|#)\\.? ?[\\w-]{1,8})?(?:,? \\p{Lu}[\\p{L}'’. -]{1,30}, ?[A-Z]{2}(?: \\d{5}(?:-\\d{4})?)?)?`, "gu");
const german = /(?<![\p{L}\d])\p{Lu}[\p{L}-]{2,24}(?:straße|strasse|str\.|weg|allee|platz|gasse|ring|damm|ufer) \d{1,4}[a-z]?(?:,? \d{5} \p{Lu}[\p{L}-]{2,24})?/gu;
const latin = /(?<![\p{L}\d])(?:\d{1,4}(?: ?(?:bis|ter))?,? )?(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]alle|[Aa]venida|[Pp]laza|Via|[Cc]orso|[Pp]iazza|[Rr]ua|[Cc]hemin|[Pp]lace) (?:d[eu'’](?: la| los| las)? ?|del |della |des )?\p{Lu}[\p{L}'’ -]{2,30}(?:,? \d{1,4})(?:,? \d{4,5} \p{Lu}[\p{L}'’-]{2,24})?/gu;
const box = /\bP\.? ?O\.? ?Box \d{1,6}\b/gi;
const unit = /(?<![\w-])(?:Apt|Suite|Apartment)\.? #?\d{1,5}[A-Za-z]?(?![\w-])/g;
const ukZip = /(?<![A-Z0-9])(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])/g;
const stateZip = /,? (?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? (\d{5}(?:-\d{4})?)(?![\d-])/g;

/** Postal addresses: English, German and Romance forms, boxes, units, codes after a state. */
export function findPostalAddresses(text: string, emit: Emit): void {
  for (const [pattern, kind] of [[street, "ADDRESS"], [german, "ADDRESS"], [latin, "ADDRESS"], [box, "ADDRESS"], [unit, "ADDRESS"], [ukZip, "ZIP"]] as const)
    for (const match of text.matchAll(pattern)) {
      const value = match[0].replace(/[ .,]+$/, "");
      emit({ start: match.index, end: match.index + value.length, kind, tier: pattern === unit ? "likely" : "certain", rule: kind === "ZIP" ? "postcode" : "postal-address" });
    }
  for (const match of text.matchAll(stateZip)) {
    const value = match[1] ?? "";
    const start = match.index + match[0].length - value.length;
    emit({ start, end: start + value.length, kind: "ZIP", tier: "likely", rule: "postcode" });
  }
}

const home = /(?:\/home\/|\/Users\/|[A-Za-z]:\\{1,4}Users\\{1,4}|\/var\/home\/|\/export\/home\/|\\\\{1,2}Users\\{1,4}|%2FUsers%2F|%2Fhome%2F)([A-Za-z0-9][\w.@ -]{0,30}?)(?=[\\/"'`\s:,;)\]}%]|$)/g;
const machines = new Set("runner ubuntu user node app root vscode ec2-user circleci travis jenkins gitpod codespace docker admin administrator public shared default linuxbrew vagrant pi coder developer dev work workspace agent sandbox builder oai jovyan container vsts azureuser opc centos debian test me username name your-username youruser you <user> user1 nonroot bot airflow postgres git www-data openhands swe-agent guest all default".split(" "));

/** The user's name in a home directory. Accounts every machine has (`ubuntu`, `runner`) name nobody. */
export function findHomes(text: string, emit: Emit): void {
  if (!/home|users/i.test(text)) return;
  for (const match of text.matchAll(home)) {
    const name = (match[1] ?? "").trim();
    if (name === "" || machines.has(name.toLowerCase())) continue;
    const start = match.index + match[0].lastIndexOf(name);
    emit({ start, end: start + name.length, kind: "USER_ID", tier: "certain", rule: "home-directory" });
  }
}
