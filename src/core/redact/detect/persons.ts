const notNames = new Set(
  `Mr Mrs Ms Mx Dr Herr Frau Madame Monsieur Señor Señora Patient Soy Counsellor Counselor Notary Guten Tag Bonjour Hola Ciao Merhaba Olá Hallo Liebe Lieber Chère Cher Estimado Estimada Querido Querida Gentile Geachte Sehr Witness Claimant Tenant Landlord Employee Student I A The This That Your You My We Our It Its Not No Yes Please Thank Thanks Sure Here There Just Going Looking Trying Sorry Glad Happy Sir Madam Team All Everyone Everybody Customer Support Service Agent Assistant User
  AI GPT Claude ChatGPT Today Tomorrow Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December
  English Spanish French German American British Indian Chinese Economy Business First Basic Flight Order Ok Okay Hello Hi Hey And But Or So If For From With Let How What When Where Why Who Is Are Am Was Can Could Would
  Should Do Does Did Have Has Had Will May Might Must Also Now Then Once Since As At By In On To Of Up Out An Any Some Each Every Both Python JavaScript TypeScript Java Rust Linux Windows Mac Google Apple Microsoft OpenAI
  GitHub World Error None True False Null Note Step Based After Before Great Good Best Regards Gold Silver Bronze Platinum Regular Member Admin Manager Interested Available Unable Able Ready New York Los Angeles San
  Francisco Boston Seattle Chicago Denver Dallas Houston Miami Atlanta Phoenix Philadelphia Charlotte Detroit Minneapolis Orlando Vegas Newark Let's Currently Kindly Unfortunately Really Very Actually Still Only
  Calling Contacting Writing Wondering Having Located Because Afraid Fine Well Back Home Using Doing Getting Planning Hoping Considering Traveling Flying Booking
  Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Authors Contributors Foundation Project Inc LLC Ltd Corporation Company Group Software University Community Developers Labs Technologies Systems Slack Jira Alexa Siri Cortana Gemini Copilot Grok Llama Mistral Salesforce Zendesk Jenkins Jupyter Django Kafka`.split(/\s+/),
);

/** Whether a capitalised word can be no name: greetings, places of the map, days, what starts sentences. */
export const isNoName = (word: string): boolean => notNames.has(word);

const words = "name passenger passengers customer patient client guest contact attn attention dear from to sender recipient cardholder author employee attendee attendees owner traveler payer payee witness driver tenant landlord executor heir heirs beneficiary seller buyer neighbour neighbor plaintiff defendant claimant teacher tutor nurse doctor physician parent mother father guardian spouse wife husband caller counsel attorney lawyer notary holder insured applicant candidate student borrower gp pcp";
const more = "pupil guarantor policyholder supervisor manager adjuster advisor adviser solicitor barrister judge assignee requester reporter signatory subscriber lessee lessor landlady occupant resident respondent trustee complainant interpreter surgeon consultant dentist midwife carer caseworker trainee apprentice nominee";

/** Words for somebody: a label that ends in one of these is followed by a name. */
export const persons: ReadonlySet<string> = new Set(`${words} ${more}`.split(" "));

export const isPerson = (word: string): boolean => persons.has(word);

/** Words for somebody that say so of a column or an element: `From` may be a place. */
export const isSomebody = (word: string): boolean => persons.has(word) && !elsewhere.has(word);
const elsewhere = new Set("name dear from to attn attention".split(" "));

const small = "(?:de|da|do|dos|das|di|del|della|van|von|der|den|ten|ter|bin|bint|ibn|al|el|la|le|du|zu)";
const part = "\\p{Lu}[\\p{L}'’-]{0,30}\\.?";
const fullName = new RegExp(`^(?:${small} ){0,2}${part}(?:,? (?:${small} ){0,2}${part}){1,4}$`, "u");

/** Whether a text is a name of several words and nothing else: `R. Östergård`, `Vermeulen, Mirjam`, `Thuy Linh Nguyen`. */
export const isFullName = (text: string): boolean => text.length <= 60 && fullName.test(text) && !text.split(/[ ,.]+/).some(isNoName);
