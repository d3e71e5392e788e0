/**
 * Words that tell a detector where to look, found in the one pass of the survey: at the beginning of a word two characters
 * are looked up in a table, and only then the words that begin with them. A cue ends where it ends; what must follow is the detector's business.
 */
const cues = {
  authorization: ["authorization"],
  scheme: ["bearer ", "basic ", "negotiate ", "apikey ", "token ", "ssws "],
  header: ["x-", "api-key", "apikey", "private-token", "ocp-apim"],
  cookie: ["cookie"],
  birth: ["birth", "dob", "d.o.b", "born", "geboren", "naissance", "nacimiento", "nacid"],
  road: ["rue d", "rue l", "avenue d", "boulevard ", "calle ", "avenida ", "plaza ", "via ", "corso ", "piazza ", "rua ", "chemin ", "place d"],
  box: ["po box", "p.o. box", "p.o.box", "p o box", "p. o. box"],
  unit: ["apt", "suite", "apartment"],
  ending: ["ending", "ends ", "last four", "last 4", "last-four", "xxxx"],
  cardCode: ["cvv", "cvc", "security code"],
  dot: ["dot ", "dot)", "dot]", "dot}"],
  is: ["is ", "are "],
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

/** Sorts places where a cue may begin by the cue that does. `lower` is the text in lower case. */
export function cuesAt(lower: string, places: readonly number[]): Cues {
  const found = Object.fromEntries(Object.keys(cues).map((cue) => [cue, [] as number[]])) as unknown as Record<Cue, number[]>;
  for (const at of places)
    for (const { cue, word } of byHead.get(lower.charCodeAt(at) * 128 + lower.charCodeAt(at + 1)) ?? []) if (lower.startsWith(word, at)) found[cue].push(at);
  return found;
}
