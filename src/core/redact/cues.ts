import { beginningsOf, eachBeginning } from "./beginnings.ts";

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
  numbered: ["number ", "no ", "no. ", "nr ", "nr. ", "id ", "card ", "plate ", "policy ", "reg ", "passport ", "passeport ", "nip ", "rg ", "cpf ", "dni ", "nie ", "nif ", "pesel ", "bsn ", "mrn ", "ssn ", "vin ", "rut ", "cuit ", "licence ", "license ", "account ", "login ", "username ", "kundennummer ", "versichertennummer ", "rentenversicherungsnummer ", "ausweisnummer ", "kennzeichen "],
  /** A name in quotes that ends in one of these: what comes after a comma is its value. */
  quotedName: ["password", "passwd", "pwd", "pass", "secret", "token", "key", "credential", "credentials", "auth", "pat"].flatMap((word) => [`${word}"`, `${word}'`, `${word}]'`, `${word}]"`]),
  password: ["password ", "passwd ", "passphrase ", "requirepass ", "masterauth ", "pwd ", "pw ", "convertto-securestring", "identified by", "identified with"],
  command: ["sshpass ", "mysql ", "mysqldump ", "mysqladmin ", "mariadb ", "htpasswd ", "redis-cli ", "openssl ", "7z ", "7za ", "net user ", "net use ", "cmdkey ", "docker login ", "podman login ", "helm registry login ", "az login ", "oc login ", "psexec", "sqlcmd ", "sqlplus ", "ldap", "mosquitto_", "zip ", "unzip ", "smbclient ", "mc alias set ", "rabbitmqctl ", "echo ", "chpasswd:", "snmp-server community ", "tacacs-server ", "radius-server ", "crypto isakmp key ", "pre-shared-key ", "ssh-keygen ", "xfreerdp", "freerdp"],
  login: ["credentials", "credential:", "creds", "login:", "log-in:"],
  setting: ["config set ", "configure set "],
  /** Ends of tags whose element is a secret: `<db_password>`. */
  element: ["password", "passwd", "passphrase", "secret", "token", "apikey", "api_key", "key", "secretkey", "accesskey", "privatekey", "clientsecret", "sharedsecret", "authtoken", "accesstoken"].map((word) => `${word}>`),
  /** What signs in with a user and a password. */
  pair: ["httpbasicauth(", "httpdigestauth(", "basicauth(", "basic_auth(", "setbasicauth(", "auth=(", "networkcredential(", "wifi.begin(", "login(", "authenticate(", "getconnection("],
  phrase: ["mnemonic", "seed", "recovery phrase", "recovery words", "backup phrase", "secret phrase", "wallet phrase", "passphrase"],
} as const;

export type Cue = keyof typeof cues;
/** Where each cue stands. */
export type Cues = Readonly<Record<Cue, readonly number[]>>;

const names = Object.keys(cues) as Cue[];
const listed = names.flatMap((cue, i) => cues[cue].map((word) => [word, i] as const));
/** What cues begin with. */
export const cueBeginnings = beginningsOf(listed, { anyCase: true });

/** Sorts places where a cue may begin by the cues that do. */
export function cuesAt(text: string, places: readonly number[]): Cues {
  const lists: number[][] = names.map(() => []);
  for (const at of places) eachBeginning(cueBeginnings, text, at, lists);
  return Object.fromEntries(names.map((cue, i) => [cue, lists[i] ?? []])) as Record<Cue, number[]>;
}
