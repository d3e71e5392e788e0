/**
 * Words that tell a detector where to look, found in the one pass of the survey: at the beginning of a word two characters
 * are looked up in a table, and only then the words that begin with them. A cue ends where it ends; what must follow is the detector's business.
 */
const cues = {
  authorization: ["authorization"],
  scheme: ["bearer ", "basic ", "negotiate ", "apikey ", "token ", "ssws "],
  header: ["x-", "api-key", "apikey", "private-token", "ocp-apim"],
  cookie: ["cookie"],
  birth: ["birth", "dob", "d.o.b", "born", "geboren", "geburt", "geb.", "naissance", "nacimiento", "nacid", "nacim", "nascit", "nascid", "nato ", "nata ", "urodz", "ur.", "nasc"],
  road: ["rue ", "avenue ", "boulevard ", "calle ", "c/ ", "avenida ", "av. ", "plaza ", "paseo ", "via ", "viale ", "corso ", "piazza ", "rua ", "travessa ", "chemin ", "place ", "allee ", "quai ", "impasse ", "ul. ", "al. ", "ulica ", "os. "],
  flat: ["flat ", "unit ", "h.no", "house no", "plot no", "door no"],
  box: ["po box", "p.o. box", "p.o.box", "p o box", "p. o. box"],
  unit: ["apt", "suite", "apartment"],
  ending: ["ending", "ends ", "last four", "last 4", "last-four", "xxxx"],
  cardCode: ["cvv", "cvc", "security code"],
  dot: ["dot ", "dot)", "dot]", "dot}"],
  is: ["is ", "are "],
  /** Last words of labels that a value follows after a blank: `policy number HX-1182`. */
  numbered: ["number ", "no ", "no. ", "nr ", "nr. ", "id ", "card ", "plate ", "passport ", "passeport ", "nip ", "rg ", "cpf ", "dni ", "nie ", "nif ", "pesel ", "bsn ", "mrn ", "ssn ", "vin ", "rut ", "cuit ", "licence ", "license ", "account ", "login ", "username ", "kundennummer ", "versichertennummer ", "rentenversicherungsnummer ", "ausweisnummer ", "kennzeichen "],
  /** A name in quotes that ends in one of these: what comes after a comma is its value. */
  quotedName: ["password", "passwd", "pwd", "pass", "secret", "token", "key", "credential", "credentials", "auth", "pat"].flatMap((word) => [`${word}"`, `${word}'`]),
  password: ["password ", "passwd ", "passphrase ", "requirepass ", "masterauth ", "pwd ", "convertto-securestring", "identified by", "identified with"],
  command: ["sshpass ", "mysql ", "mysqldump ", "mysqladmin ", "mariadb ", "htpasswd ", "redis-cli ", "openssl ", "7z ", "7za ", "net user ", "mongosh ", "psql "],
  phrase: ["mnemonic", "seed", "recovery phrase", "recovery words", "backup phrase", "secret phrase", "wallet phrase", "passphrase"],
} as const;

export type Cue = keyof typeof cues;
/** Where each cue stands. */
export type Cues = Readonly<Record<Cue, readonly number[]>>;

/** 1 where two characters (any case) begin a cue; first × 128 + second. */
export const cueHeads = new Uint8Array(128 * 128);
const byHead = new Map<number, { readonly cue: Cue; readonly word: string }[]>();
for (const [cue, words] of Object.entries(cues) as [Cue, readonly string[]][])
  for (const word of words) {
    const key = word.charCodeAt(0) * 128 + word.charCodeAt(1);
    byHead.set(key, [...(byHead.get(key) ?? []), { cue, word }]);
    for (const a of [word.charAt(0), word.charAt(0).toUpperCase()]) for (const b of [word.charAt(1), word.charAt(1).toUpperCase()]) cueHeads[a.charCodeAt(0) * 128 + b.charCodeAt(0)] = 1;
  }

/** Sorts places where a cue may begin by the cue that does. `lower` is the text in lower case; capitals at the place itself do no harm. */
export function cuesAt(lower: string, places: readonly number[]): Cues {
  const found = Object.fromEntries(Object.keys(cues).map((cue) => [cue, [] as number[]])) as unknown as Record<Cue, number[]>;
  for (const at of places) {
    const first = lower.charCodeAt(at);
    const capital = first >= 65 && first <= 90;
    for (const { cue, word } of byHead.get(small(first) * 128 + small(lower.charCodeAt(at + 1))) ?? [])
      if (lower.startsWith(word, at) || (capital && lower.slice(at, at + word.length).toLowerCase() === word)) found[cue].push(at);
  }
  return found;
}
const small = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);
