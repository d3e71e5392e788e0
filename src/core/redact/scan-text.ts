import { findCards, findIdentifiers } from "./detect/identifiers.ts";
import { findElements } from "./detect/elements.ts";
import { findEmails, findPhones, findSpelledEmails } from "./detect/contact.ts";
import { findBirthDates } from "./detect/dates.ts";
import { findLabelled } from "./detect/labelled.ts";
import { findMachineTokens } from "./detect/machine.ts";
import { findAddresses, findUrlSecrets } from "./detect/net.ts";
import { findHomes, findIntroducedNames, findPostalAddresses } from "./detect/people.ts";
import { findSecrets } from "./detect/secrets.ts";
import { findTables } from "./detect/tables.ts";
import { findTypedIds } from "./detect/typed-ids.ts";
import { findVendorTokens, vendorBeginnings } from "./detect/vendors.ts";
import type { Emit } from "./hit.ts";
import { surveyOf, type Survey } from "./survey.ts";

/** Something that finds sensitive values in a surveyed text. */
export type Detector = (survey: Survey, emit: Emit) => void;

const builtIn: readonly Detector[] = [
  findEmails,
  findSpelledEmails,
  findCards,
  findIdentifiers,
  findPhones,
  findTypedIds,
  findBirthDates,
  findPostalAddresses,
  findAddresses,
  findUrlSecrets,
  findLabelled,
  findTables,
  findElements,
  findSecrets,
  findVendorTokens,
  findMachineTokens,
  findIntroducedNames,
  findHomes,
];

/** Every built-in detector, then `more`, over one decoded text. Hits come in no order and may overlap. */
export function scanText(text: string, more: readonly Detector[], emit: Emit): void {
  const survey = surveyOf(text, vendorBeginnings);
  for (const detector of builtIn) detector(survey, emit);
  for (const detector of more) detector(survey, emit);
}
