/** What a rule of the scan saw: which rule, the value in the form its token is made of, and where. */
export type Hit = { readonly rule: string; readonly value: string; readonly at: number };
export type Rule = (text: string) => Iterable<Hit>;

type Form = {
  readonly rule: string;
  readonly form: RegExp;
  /** Over the value without spaces and signs, in capitals. */
  readonly holds?: (bare: string, raw: string) => boolean;
};

const digits = (text: string): readonly number[] => Array.from(text, Number);
const total = (text: string, weight: (at: number) => number): number => digits(text).reduce((sum, digit, at) => sum + digit * weight(at), 0);

/** Brazil: each check digit is ten times a falling weighted sum, modulo eleven. */
const cpf = (bare: string): boolean => [9, 10].every((size) => ((total(bare.slice(0, size), (at) => size + 1 - at) * 10) % 11) % 10 === Number(bare[size]));

/** Spain: the letter follows from the number modulo 23. */
const dni = (bare: string): boolean => "TRWAGMYFPDXBNJZSQVHLCKE"[Number(bare.slice(0, 8).replace(/^[XYZ]/, (head) => String("XYZ".indexOf(head)))) % 23] === bare[8];

/** France: the number and its key are a multiple of 97. */
const nir = (bare: string): boolean => (BigInt(bare.slice(0, 13).replace("2A", "19").replace("2B", "18")) + BigInt(bare.slice(13))) % 97n === 0n;

/** India: Verhoeff, written with the dihedral group of ten. */
function aadhaar(bare: string): boolean {
  let check = 0;
  for (const [at, digit] of [...digits(bare)].reverse().entries()) {
    let turned = digit;
    for (let turns = at % 8; turns > 0; turns -= 1) turned = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4][turned] ?? 0;
    const [flip, step] = [check > 4, turned > 4];
    check = ((flip ? check - turned + 10 : check + turned) % 5) + (flip === step ? 0 : 5);
  }
  return check === 0;
}

/** Loopback, private and link-local ranges, public resolvers; and small numbers, which are versions. */
function addressOfSomebody(raw: string): boolean {
  const parts = raw.split(".").map(Number);
  return parts.every((part) => part < 256) && parts.some((part) => part > 29) && !/^(?:0|10|127|255)\.|^(?:192\.168|169\.254|1\.[01]\.1|8\.8)\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(raw);
}

const forms: readonly Form[] = [
  { rule: "phone", form: /(?<![\w.+-])\+\d{1,3}(?:[ ().-]{0,2}\d){7,12}(?!\d)/g },
  { rule: "phone", form: /(?<![\w.-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}(?![\w-]|\.\d)/g },
  { rule: "us-ssn", form: /(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g },
  { rule: "ip", form: /(?<![\w.]|[vV]ersion )\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)/g, holds: (_, raw) => addressOfSomebody(raw) },
  { rule: "ip", form: /(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi },
  { rule: "mac", form: /(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi, holds: (bare) => new Set(bare).size > 1 },
  { rule: "br-cpf", form: /(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])/g, holds: cpf },
  { rule: "es-dni", form: /(?<![\w-])[XYZ\d]\d{7}-?[A-Z](?![\w-])/gi, holds: dni },
  { rule: "fr-nir", form: /(?<![\w.-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\w)/g, holds: nir },
  { rule: "in-aadhaar", form: /(?<![\w-])[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?![ -]?\w)/g, holds: aadhaar },
  { rule: "it-codice-fiscale", form: /(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)/gi },
  { rule: "uk-nino", form: /(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)/g },
];

/** Numbers of people and of their machines that say themselves what they are: phones, IP and MAC addresses, national ids by their check digits. */
export const personRules: readonly Rule[] = forms.map(
  ({ rule, form, holds }): Rule =>
    function* (text) {
      for (const { 0: raw, index } of text.matchAll(form)) {
        const bare = raw.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
        if (holds === undefined || holds(bare, raw)) yield { rule, value: bare.toLowerCase(), at: index };
      }
    },
);
