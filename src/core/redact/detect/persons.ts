import { isNoName } from "./people.ts";

const words = "name passenger passengers customer patient client guest contact attn attention dear from to sender recipient cardholder author employee attendee attendees owner traveler payer payee witness driver tenant landlord executor heir heirs beneficiary seller buyer neighbour neighbor plaintiff defendant claimant teacher tutor nurse doctor physician parent mother father guardian spouse wife husband caller counsel attorney lawyer notary holder insured applicant candidate student borrower gp pcp";
const more = "pupil guarantor policyholder supervisor manager adjuster advisor adviser solicitor barrister judge assignee requester reporter signatory subscriber lessee lessor landlady occupant resident respondent trustee complainant interpreter surgeon consultant dentist midwife carer caseworker trainee apprentice nominee";

/** Words for somebody: a label that ends in one of these is followed by a name. */
export const persons: ReadonlySet<string> = new Set(`${words} ${more}`.split(" "));

export const isPerson = (word: string): boolean => persons.has(word);

const small = "(?:de|da|do|dos|das|di|del|della|van|von|der|den|ten|ter|bin|bint|ibn|al|el|la|le|du|zu)";
const part = "\\p{Lu}[\\p{L}'’-]{0,30}\\.?";
const fullName = new RegExp(`^(?:${small} ){0,2}${part}(?:,? (?:${small} ){0,2}${part}){1,4}$`, "u");

/** Whether a text is a name of several words and nothing else: `R. Östergård`, `Vermeulen, Mirjam`, `Thuy Linh Nguyen`. */
export const isFullName = (text: string): boolean => text.length <= 60 && fullName.test(text) && !text.split(/[ ,.]+/).some(isNoName);
