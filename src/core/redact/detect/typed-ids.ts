import type { Emit } from "../hit.ts";
import { before, type Survey } from "../survey.ts";

const words = /(?<![\w/.-])([a-z]{2,20}(?:_[a-z]{2,20}){0,2})_$/i;
const payment = /^(?:credit|debit|gift|payment|bank|virtual)_?(?:card|account|method)?$|^(?:card|certificate|voucher|paypal|venmo|wallet|iban|payment)$/i;
const person = /^(?:user|customer|member|patient|employee|client|guest|passenger|subscriber|account|cust|acct|usr|student|tenant|driver)(?:_id)?$/i;

/** Ids that say what they are of: `gift_card_6941833`, `customer_20481`. */
export function findTypedIds({ text, numbers }: Survey, emit: Emit): void {
  for (let i = 0; i < numbers.length; i += 3) {
    const start = numbers[i] ?? 0;
    if (text[start - 1] === "-") {
      // `MRN-4471823`: said in capitals before a dash.
      const told = /(?<![\w-])(?:MRN|PAT|PATIENT|CUST|CUSTOMER|CLIENT|EMP|EMPLOYEE|MEMBER|POLICY|ACCT|ACCOUNT)-$/.exec(before(text, start, 12))?.[0];
      const number = told === undefined ? undefined : /^\d{5,12}(?![\w-])/.exec(text.slice(start, start + 16))?.[0];
      if (told !== undefined && number !== undefined) emit({ start: start - told.length, end: start + number.length, kind: "ID", tier: "likely", rule: "typed-id" });
      continue;
    }
    if (text[start - 1] !== "_") continue;
    const name = words.exec(before(text, start, 48))?.[1];
    const digits = /^\d{4,16}(?![\w-])/.exec(text.slice(start, start + 20))?.[0];
    if (name === undefined || digits === undefined) continue;
    const kind = payment.test(name) ? "PAYMENT_ID" : person.test(name) ? "USER_ID" : undefined;
    if (kind !== undefined) emit({ start: start - name.length - 1, end: start + digits.length, kind, tier: "likely", rule: "typed-id" });
  }
}
