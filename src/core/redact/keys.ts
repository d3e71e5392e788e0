/**
 * What a member's name says about its value. The tables are words; a name is taken apart at case changes, underscores,
 * dots and spaces first, so `billingEmail`, `billing_email` and `Billing e-mail` are the same.
 */

/** Kinds of what is found; the first part of a token. */
export type Kind = string;

const cache = new Map<string, readonly string[]>();
const plainText = /^[\0-\x7f]*$/;
const withoutDigits = (word: string): string => word.replace(/\d+$/, "");

/** The words of a name, lower-case: `cardHolderName` → card, holder, name. */
export function wordsOf(name: string): readonly string[] {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const words = name
    .slice(0, 120)
    // A name that was masked says nothing any more.
    .replace(/\[[A-Z][A-Z0-9_]*(?::[a-z2-7]{16})?\]/g, " ")
    .normalize(plainText.test(name) ? "NFC" : "NFD")
    .replace(/\p{M}/gu, "")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  if (cache.size > 5000) cache.clear();
  cache.set(name, words);
  return words;
}

/** Last words of names that say something, digits off: most names end in none of them and need no closer look. */
const telling = new Set<string>("key keys token tokens secret secrets string str url phrase code number answer cookie cookies pass config dsn pw pwd hook base hex b base prod production dev development stage staging live primary secondary value ident".split(" "));

const table = (rows: Readonly<Record<Kind, string>>): ReadonlyMap<string, Kind> => {
  const kinds = new Map<string, Kind>();
  for (const [kind, names] of Object.entries(rows))
    for (const name of names.split(",")) {
      const words = name.trim().split(/\s+/);
      kinds.set(words.join(""), kind);
      telling.add(withoutDigits(words.at(-1) ?? ""));
    }
  return kinds;
};

/** The last word of a name, in lower case: `billingEmail` ends in `email`. */
export function lastWordOf(name: string): string {
  let end = name.length;
  while (end > 0 && !isWordCode(name.charCodeAt(end - 1))) end -= 1;
  let start = end;
  while (start > 0 && isWordCode(name.charCodeAt(start - 1))) {
    start -= 1;
    const code = name.charCodeAt(start);
    const before = start > 0 ? name.charCodeAt(start - 1) : 0;
    if (code >= 65 && code <= 90 && before >= 97 && before <= 122) break;
  }
  const word = name.slice(start, end).toLowerCase();
  return plainText.test(word) ? word : word.normalize("NFD").replace(/\p{M}/gu, "");
}

/** Whether a name that ends in this word could say something by itself: a glance, before `senseOfKey` takes the name apart. */
export const mayTell = (word: string): boolean => telling.has(word) || (endsInDigit(word) && telling.has(withoutDigits(word))) || (word.length > 5 && secretEnd.test(word));
/** All words of which `mayTell` says yes whatever stands before or behind them. */
export const tellingWords = (): Iterable<string> => telling;
const endsInDigit = (word: string): boolean => word.charCodeAt(word.length - 1) < 58;

const isWordCode = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code > 191;
const secretEnd = /.(?:password|passwd|passphrase|pwd|apikey|secretkey|privatekey|accesskey|authtoken)$|^(?:smtp|db|user|admin|mail|root|my|ftp|ssh|ldap|sudo|become)pass$/i;

/** Whole names, or their last words, whose value is what the kind says whatever stands around. */
const personal = table({
  NAME: `first name, last name, full name, given name, family name, middle name, maiden name, sur name, surname, forename, firstname, lastname, fname, lname,
    passenger name, customer name, contact name, card holder, card holder name, holder name, account holder, patient name, employee name, guest name, client name,
    member name, recipient name, sender name, payer name, payee name, beneficiary name, billing name, shipping name, real name, legal name, preferred name, nick name, nickname,
    person name, owner name, spouse, spouse name, next of kin, emergency contact, doctor name, student name, teacher name, driver name, tenant name, landlord, author name,
    committer name, signatory, attendee, invitee, applicant, applicant name, insured name, policy holder, subscriber name, traveler name, traveller name, user full name, nombre, apellido, apellidos,
    counterparty, counterparty name, creditor, debtor, plaintiff, defendant, claimant, attorney, physician, attending physician, guardian, caregiver, kontoinhaber, titular, remitente, destinatario, ansprechpartner,
    nom de famille, nome completo, nombre completo, volledige naam, imie nazwisko, imie i nazwisko, nominativo, familienname, given names, forenames, prenoms, pupil name, guarantor, next of kin name,
    nom, prenom, vorname, nachname, cognome, imie, nazwisko, soyad, sobrenome, achternaam, voornaam`,
  EMAIL: "email, e mail, mail, email address, e mail address, mail address, emails, reply to, from email, to email, contact email, correo, courriel",
  PHONE: `phone, phone number, telephone, tel, mobile, mobile number, mobile phone, cell, cell phone, cellphone, msisdn, fax, fax number, whatsapp, contact number, caller id, caller number,
    home phone, work phone, phones, phone no, telephone number, telefono, telefon, telefonnummer, telefoon, telefoonnummer, telefone, celular, mobil, mobilnummer, mobiltelefon, handynummer, portable, numero de telephone, nr telefonu, numer telefonu, telemovel, movil, numero movil, cellulare, mobiel, tel portable, mobile no, tel no, telephone no, cell number, contact phone, rufnummer, handy, sms number`,
  DOB: "dob, date of birth, birth date, birthdate, birthday, birth day, born, born on, d o b, geburtsdatum, geburtstag, fecha nacimiento, fecha de nacimiento, date naissance, date de naissance, data di nascita, data de nascimento, geboortedatum, geboren am, ne le, birth time, data nascita, data nascimento, data urodzenia, dogum tarihi, fodelsedatum",
  ADDRESS: `street, street address, address1, address2, address 1, address 2, address line, address line 1, address line 2, address line1, address line2, line1, line2, street1, street2, home address, postal address,
    mailing address, billing address, shipping address, delivery address, residential address, street name, house number, apartment, apt, suite, full address, formatted address, addr, street line 1, street line 2, direccion, adresse, anschrift, strasse, indirizzo, endereco, adres, wohnort, morada, domicilio, residenza, woonadres, adres zamieszkania, property address, current address, previous address, permanent address, correspondence address, registered address, delivery addr`,
  ZIP: "zip, zip code, zipcode, postal code, postcode, post code, postalcode, plz, cep, codigo postal, pin code",
  ID: `ssn, social security, social security number, social insurance number, passport, passport number, passport no, national id, national identifier, nin, nino, national insurance number, tax id, tax number, tin,
    itin, ein, driver license, drivers license, driver licence, driving licence, driver license number, license number, licence number, license plate, number plate, nhs number, medicare number, medicaid number, mrn, medical record number,
    patient id, aadhaar, aadhar, pan number, cpf, cnpj, dni, nie, nif, curp, bsn, pesel, personnummer, codice fiscale, insee, nir, steuer id, steuernummer, steueridentifikationsnummer, personalausweis, personalausweisnummer, ausweisnummer, rentenversicherungsnummer, sozialversicherungsnummer, versichertennummer, krankenversicherungsnummer, versicherungsnummer,
    passeport, pasaporte, passaporto, reisepass, reisepassnummer, paspoort, numero de securite sociale, securite sociale, medicare id, medicare card, medicare card number, nip, rg, ahv, ahv number, ahv nummer, rut, cuit, cuil, ppsn, pps number, cpr, cpr number,
    henkilotunnus, hetu, kennitala, kimlik, kimlik no, tc kimlik, tc kimlik no, my number, tfn, nhs no, permis de conduire, fuhrerschein, fuhrerscheinnummer, kennzeichen, plate, licence plate, registration plate, matricula, id number, id card, identity number, vin,
    sin, health card, health card number, insurance number, policy number, policy no, reg no, vehicle registration, targa, kenteken, ni number, ni no, visa number, government id, resident id, known traveler number, redress number, frequent flyer number, imei, imsi, iccid, device id, idfa, gaid, advertising id`,
  IBAN: "iban, bic iban",
  ACCOUNT: `account number, account no, bank account, bank account number, routing number, sort code, aba, bic, swift, swift code, acct, acct number, acct no, beneficiary account, iban number, crypto wallet, wallet address, wallet, btc address, eth address`,
  CARD: `card number, card no, credit card, credit card number, debit card, debit card number, pan, cc number, cc num, ccn, cardnumber, card num, last four, last 4, last4, card last four, card last4, card last 4, lastfour, ending in, card ending, cvv, cvc, cvv2, cvc2,
    card cvv, card cvc, security code, card security code, expiry, expiration date, card expiry, exp date, card expiration`,
  USER_ID: `user id, userid, user name, username, uid, login, login name, login id, handle, screen name, screenname, customer id, customerid, customer no, kundennummer, kundennr, vertragsnummer, klantnummer, numero de client, numero client, numero de cliente, membership no, client no, patient no, employee no, employee number, student number, badge number, member number, member no, login name, member id, memberid, membership id, membership number, loyalty number, loyalty id, employee id,
    student id, guest id, client number, customer number, subscriber id, patient number, passenger id, account id, account name, user, twitter, twitter handle, github username, slack id, slack user, discord, telegram, skype, linkedin, instagram, end user, end user id, actor id, profile id, person id`,
  PAYMENT_ID: "payment id, payment method id, paymentid, payment method, payment source, payment source id, payment token, card id, payment instrument, gift card id, gift card, gift card number, certificate number, certificate id, voucher, voucher code, voucher number, gift card code, refund payment method id",
  IP: "ip, ip address, ipaddr, client ip, remote ip, remote addr, remote address, x forwarded for, x real ip, source ip, ip v4, ip v6, user ip, peer ip",
  GEO: "latitude, longitude, lat, lng, lon, geo, coordinates, coords, lat lng, latlng, gps, geo point, home location",
  SALARY: "salary, annual salary, income, annual income, net worth, credit score",
});

/** Only beside other personal members (`name` next to `email`), or inside a person. */
const inPerson = table({
  NAME: "name, names, nome, naam, title name, first, last, middle, given, family, full, label name, alias, display name, author, contact, owner, assignee, reporter, sender, recipient, from, to",
  CITY: "city, town, locality, municipality, village, suburb, ciudad, ville, stadt",
  ADDRESS: "address, location, residence, place, building, unit, floor, area, district, county, neighborhood",
  DOB: "birth",
  USER_ID: "id, key, ref, reference, number, external id, login",
  PHONE: "number, contact, home, work",
});

const secretWords = new Set(
  `password passwd pwd passphrase passcode pass secret secrets apikey token tokens credential credentials authorization bearer cookie cookies setcookie
  privatekey secretkey accesskey signingkey encryptionkey masterkey authkey sharedkey clientsecret sessionid sessiontoken sessionkey jwt otp pin pw totp csrf xsrf nonce2 connectionstring connstr dsn databaseurl dburl
  webhookurl webhooksecret signature hmackey salt accesstoken refreshtoken idtoken authtoken apitoken apisecret appsecret appkey licensekey recoverycode backupcode seedphrase mnemonic pat sas sastoken
  proxyauthorization authident xapikey apihash creds cred xauthtoken kennwort passwort psk requirepass bindpw wpapassphrase contrasena motdepasse senha auth authentication keypass storepass userpass securitytoken securityanswer secretanswer pinnumber pincode kubeconfig
  servicekey storagekey accountkey subscriptionkey consumerkey consumersecret tracingapikey deploykey hostkey sshkey rsakey pgpkey keymaterial secretaccesskey awssecretaccesskey`.split(/\s+/),
);

for (const word of secretWords) telling.add(withoutDigits(word));

/** Names that end in a secret word and hold none: counts, limits, kinds, flags of tokens. */
const harmlessEnd = new Set(
  `count counts limit limits usage type types length len size max min budget total used remaining expiry expires expiration ttl created updated at url uri endpoint id ids name names field fields header headers index format
  policy required enabled disabled valid validity strength hint reset rotation version algorithm alg path file kind status list details prompt completion input output cached reasoning per rate price cost window ratio exists`.split(/\s+/),
);
const harmlessStart = new Set("max min num total n count prompt completion input output cached reasoning audio accepted rejected per used remaining avg average text image special pad eos bos unk stop next page nextpage continuation cursor forgot reset has is no use show hide enable requires require".split(" "));

/** Members around that make an object a person. */
const personSigns = /^(?:e?mail|phone|mobile|dob|birth|ssn|passport|surname|given$|familyname|address[12]?|street|zip|postcode|gender|nationality)/;
const personParents = new Set(
  `customer customers user users passenger passengers patient patients employee employees contact contacts person people persons guest guests member members client clients driver owner author committer assignee
  sender recipient recipients attendee attendees student students teacher tenant applicant applicants subscriber traveler travellers traveler travelers cardholder payer payee beneficiary spouse dependents dependants
  child children parent parents doctor billing shipping profile account holder insured saved given invitee invitees participant participants candidate candidates resident residents borrower buyer seller pupil pupils guardian guarantor claimant landlord policyholder aluno encarregado titular locataire eleve inquilino segurado huurder verzekerde najemca pracownik kunde mieter versicherungsnehmer assicurato intestatario me`.split(/\s+/),
);
const addressSigns = /^(?:zip|postal|postcode|street|address|addr|line1|line2|plz)/;

/** Members that may never be kept, whatever they hold. */
const dropped = new Set(["tracingapikey", "logprobs", "toplogprobs", "encryptedcontent", "encryptedreasoning", "embedding", "embeddings"]);

export type KeySense = { readonly kind: Kind; readonly tier: "certain" | "likely"; readonly secret: boolean };

export type KeyPlace = { readonly key: string; readonly parents: readonly string[]; readonly siblings: readonly string[] };

/** Whether a member is always dropped: keys of the exporter, log probabilities, encrypted reasoning, embeddings. */
export function isDropped(key: string): boolean {
  const known = drops.get(key);
  if (known !== undefined) return known;
  if (drops.size > 20_000) drops.clear();
  const made = dropped.has(wordsOf(key).join(""));
  drops.set(key, made);
  return made;
}
const drops = new Map<string, boolean>();

/**
 * The kind of a value by its member's name, or undefined. Looks at the whole name, then at its last words (so that
 * `emergency_contact_phone` is a phone), then at what stands around (`name` beside `email` is a person's).
 */
export function senseOfKey(place: KeyPlace): KeySense | undefined {
  const alone = senseAlone(place.key);
  if (alone.sense !== undefined || alone.kind === undefined) return alone.sense;
  const { kind } = alone;
  if (kind === "CITY") return around(place.siblings).address || isPerson(place) ? { kind, tier: "certain", secret: false } : undefined;
  return isPerson(place) ? { kind, tier: "likely", secret: false } : undefined;
}

/** What the names of an object's members make of it, counted once for all of them: the list is not added to any more. */
const arounds = new WeakMap<readonly string[], { readonly person: boolean; readonly address: boolean }>();
function around(siblings: readonly string[]): { readonly person: boolean; readonly address: boolean } {
  const known = arounds.get(siblings);
  if (known !== undefined) return known;
  const made = { person: siblings.some((name) => signsOf(name).person), address: siblings.some((name) => signsOf(name).address) };
  arounds.set(siblings, made);
  return made;
}

/** The kind that names of members are in an object of this name: `{"credit_card_4421486": {…}}` inside `payment_methods`. */
export function kindOfKeysUnder(parent: string | undefined): Kind | undefined {
  if (parent === undefined) return undefined;
  const words = wordsOf(parent);
  if (words.includes("payment") || (words.includes("cards") && words.length < 3)) return "PAYMENT_ID";
  return /^(?:customers|users|members|patients|passengers|employees|accounts|profiles)$/.test(words.at(-1) ?? "") ? "USER_ID" : undefined;
}

type Alone = { readonly sense?: KeySense; readonly kind?: Kind };
const senses = new Map<string, Alone>();

/** What a name says by itself (`sense`), or would say inside a person (`kind`). */
function senseAlone(key: string): Alone {
  const known = senses.get(key);
  if (known !== undefined) return known;
  if (senses.size > 20_000) senses.clear();
  const made = judgeName(key);
  senses.set(key, made);
  return made;
}

function judgeName(key: string): Alone {
  const words = wordsOf(key).map((word) => word.replace(/^(\p{L}+)\d+$/u, (all, letters: string) => (personal.has(all) ? all : letters)));
  if (words.length === 0 || words.length > 8) return {};
  if (isSecretName(words)) return { sense: { kind: secretKind(words), tier: "certain", secret: true } };
  for (let from = 0; from < words.length; from += 1) {
    const name = words.slice(from).join("");
    const kind = personal.get(name);
    if (kind !== undefined && !(from > 0 && vague.has(name)))
      return { sense: { kind, tier: "certain", secret: false } };
  }
  const whole = words.join("");
  const kind = inPerson.get(whole);
  return kind === undefined ? {} : { kind };
}

/** Last words too common to mean a person's when something else stands before them (`tool_call_user`, `system_ip`). */
const vague = new Set(["user", "first", "last", "mail", "pan", "handle", "born", "cell", "line1", "line2", "suite", "unit", "lat", "lon", "lng", "geo", "tel", "uid", "sin", "ein", "tin", "nom", "nir", "aba", "vin", "handy", "wallet", "apt", "login", "addr", "swift", "bic", "expiry", "street", "attendee", "discord", "skype", "telegram", "twitter", "voucher", "cep", "nie", "coords", "coordinates"]);

const firstName = /^(?:first|given|fore|f)_?name$/i;
const lastName = /^(?:last|family|sur|l)_?name$|^surname$/i;

/** Which part of a person's name a member of this name holds. */
export const partOfName = (key: string): "first" | "last" | undefined => (firstName.test(key) ? "first" : lastName.test(key) ? "last" : undefined);

type Signs = { readonly person: boolean; readonly address: boolean; readonly people: boolean };
const signs = new Map<string, Signs>();
/** What a name says about the object it is in (`person`, `address`) or the one it is the name of (`people`). */
function signsOf(name: string): Signs {
  const known = signs.get(name);
  if (known !== undefined) return known;
  if (signs.size > 20_000) signs.clear();
  const words = wordsOf(name);
  const joined = words.join("");
  const made = { person: personSigns.test(joined), address: addressSigns.test(joined), people: words.some((word) => personParents.has(word)) };
  signs.set(name, made);
  return made;
}

function isPerson(place: KeyPlace): boolean {
  const parent = place.parents.at(-1);
  return around(place.siblings).person || (parent !== undefined && signsOf(parent).people);
}

function isSecretName(given: readonly string[]): boolean {
  // `secret_key_base`, `api_token_prod`: which one of them it is.
  const words = given.length > 1 && which.test(given.at(-1) ?? "") && !/^(?:pass|pin|token|tokens|key|keys|auth|salt|pat|sas)$/.test(given.slice(0, -1).join("")) ? given.slice(0, -1) : given;
  const last = words.at(-1) ?? "";
  const two = words.slice(-2).join("");
  const three = words.slice(-3).join("");
  if (harmlessStart.has(words[0] ?? "") && words.length > 1 && !/pass|secret|key/.test(last)) return false;
  if (secretWords.has(words.join("")) || secretWords.has(two) || secretWords.has(three)) return true;
  if (secretWords.has(last)) return !(last === "tokens" || last === "pin" && words.length > 2 || last === "pass" && words.length > 1 && !words.slice(0, -1).some((word) => passOf.test(word)));
  if (harmlessEnd.has(last)) return false;
  if (secretEnd.test(last)) return true;
  // `stripe_key`, `encryption_key_prod`: a key of something, where keys are not of a map.
  return (last === "key" || last === "keys") && words.length > 1 && !/^(?:add|set|get|put|delete|remove|press|pressed|missing|duplicate|invalid|unknown|unexpected|config|setting|option|env|environment|variable|primary|foreign|sort|partition|cache|public|group|row|map|object|dict|hot|arrow|index|lookup|unique|i18n|translation|json|idempotency|storage|query|dedup|item|entry|data|s3|file|message|event|routing|order|issue|project|search|natural|composite|candidate|metadata|enter|escape|tab|from|by|with|the|a|an|hit|restore|of|for|this|that|no|any|each|every|new|same|matching|shift|ctrl|control|alt|meta|arrow|function|home|end|delete|space|registry|answer|legend|winning|other|its|and|or|to|in|on|is|upstream|registered|string|object|cookie|header|translation|locale|react|component|parameter|property|attribute|column|field)$/.test(words.at(-2) ?? "");
}

const which = /^(?:base|hex|b64|base64|prod|production|dev|development|stage|staging|live|primary|secondary|value)$/;

/** Whose `…_pass` is a password: of an account, not of a compiler. */
const passOf = /^(?:user|db|database|admin|root|smtp|mail|ftp|my|the|ssh|become|sudo|bind|ldap|mysql|mariadb|pg|postgres|mssql|oracle|es|elastic|redis|rabbitmq|mongo|wifi|login|proxy|keystore|store|vault|auth|http|https|basic|email|imap|pop|sftp|vnc|rdp|samba|account|server|service|app|api)$/;

const secretKind = (words: readonly string[]): Kind => (/^(?:pass|pwd|pw$|psk|kennwort|contrasena|senha|mot)|pass(?:word|wd|phrase)?$|pwd$/.test(words.at(-1) ?? "") ? "PASSWORD" : "SECRET");
