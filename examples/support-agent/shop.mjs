/**
 * The shop behind the example: invented customers, orders, invoices and help articles. Nobody here exists. The personal
 * data and secrets are shaped like real ones (checksums hold) and are planted in the recorded traces on purpose:
 * `planted` lists every one, so that a test can look for them in all that casebook writes.
 */
export const people = {
  maren: {
    name: "Maren Okafor",
    email: "maren.okafor@postbox.example",
    phone: "+44 7700 900461",
    address: "14 Larch Close, Bristol BS3 1QT",
    ip: "203.0.113.77",
  },
  tomasz: {
    name: "Tomasz Wrona",
    email: "t.wrona@kabelnet.example",
    phone: "+48 601 555 017",
    address: "Lipowa 8/12, 31-109 Kraków",
    ip: "198.51.100.23",
    iban: "PL61109010140000071219812874",
  },
  priya: {
    name: "Priya Raghunathan",
    email: "priya.r@rosewood-mail.example",
    phone: "(415) 555-0132",
    address: "2207 Juniper Street, Oakland, CA 94607",
    ip: "192.0.2.148",
    card: "4539872066148291",
  },
  elke: {
    name: "Elke Brandstätter",
    email: "elke.brandstaetter@gartenpost.example",
    phone: "+49 30 55501234",
    address: "Fliederweg 31, 10437 Berlin",
    ip: "203.0.113.19",
    iban: "DE44500105175407324931",
    card: "5123819477305621",
  },
  joao: {
    name: "João Figueiredo",
    email: "joao.figueiredo@correio-azul.example",
    phone: "+351 912 555 908",
    address: "Rua das Camélias 77, 4150-171 Porto",
    ip: "198.51.100.201",
    card: "4024007188364557",
  },
  nadia: {
    name: "Nadia Haddad-Lindqvist",
    email: "nadia.hl@fjordmail.example",
    phone: "+46 70 555 41 20",
    address: "Björkgatan 5, 753 28 Uppsala",
    ip: "192.0.2.66",
  },
};

/** Made-up credentials in the shapes that leak into traces. None opens anything. */
export const secrets = {
  apiKey: "sk-proj-q7Zt4LmX2vRb9KdW3nYc8HsJ5pFg6TaE1uQo0iNx",
  githubToken: "ghp_Rk3vT9wLq2ZxY7bN5mC8dH4jF6sG1pA0uEiO",
  databaseUrl: "postgres://tickets_rw:Quail-7-Lantern-93@tickets-db.internal.example:5432/tickets",
  databasePassword: "Quail-7-Lantern-93",
  bearer: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJmZXJud2F5LXN1cHBvcnQiLCJpYXQiOjE3OTM2fQ.t8Vw3qZk1YxM5nRb7LcD9hJf2Gs4Pa6u",
  password: "marmalade-Otter-58",
};

/** A card number as people write it: in groups of four. */
export const grouped = (card) => card.replace(/(\d{4})(?=\d)/g, "$1 ");

/** Every planted value, in each spelling that occurs. */
export const planted = [
  ...Object.values(people).flatMap((person) => Object.values(person)),
  ...Object.values(people).flatMap(({ card }) => (card === undefined ? [] : [grouped(card)])),
  ...Object.values(secrets),
];

const customer = ({ name, email, phone }) => ({ name, email, phone });
const order = (order_id, who, status, item, extra = {}) => ({
  order_id,
  status,
  items: [item],
  customer: customer(people[who]),
  ship_to: { address: people[who].address },
  ...extra,
});

/** `courier_note` is JSON inside JSON, as couriers' webhooks deliver it. */
export const orders = Object.fromEntries(
  [
    order("20417", "maren", "in transit, arrives Thursday", "hedge trimmer", {
      courier_note: JSON.stringify({ recipient: people.maren.name, call_before: people.maren.phone }),
    }),
    order("20433", "tomasz", "delivered on Monday", "rain barrel"),
    order("20460", "nadia", "in transit, arrives Friday", "pruning saw"),
    order("20471", "elke", "packed, leaves tomorrow", "compost shredder"),
    order("20482", "joao", "in transit, arrives Tuesday", "garden hose"),
    order("20495", "priya", "packed, leaves tomorrow", "cold frame"),
    order("20400", "joao", "delivered in October", "leaf rake"),
  ].map((one) => [one.order_id, one]),
);

const invoice = (invoice_id, who, total, lines, payment = {}) => ({
  invoice_id,
  total,
  currency: "EUR",
  lines,
  customer: customer(people[who]),
  payment,
});

export const invoices = Object.fromEntries(
  [
    invoice("INV-1042", "maren", 129, ["hedge trimmer 129.00"], { method: "voucher" }),
    invoice("INV-1043", "joao", 39.5, ["garden hose 39.50"], { method: "card", card_number: people.joao.card }),
    invoice("INV-1051", "elke", 412, ["compost shredder 412.00", "VAT 19 % included"], { method: "transfer", iban: people.elke.iban }),
    invoice("INV-1038", "nadia", 24, ["pruning saw 24.00"], { method: "voucher" }),
    invoice("INV-1061", "nadia", 61, ["pruning saw 24.00", "gloves 37.00"], { method: "voucher" }),
    invoice("INV-1070", "tomasz", 88, ["rain barrel 88.00"], { method: "transfer", iban: people.tomasz.iban }),
    invoice("INV-1077", "priya", 240, ["cold frame 240.00"], { method: "card", card_number: people.priya.card }),
    invoice("INV-1084", "elke", 57, ["seed tray 57.00"], { method: "card", card_number: people.elke.card }),
    invoice("INV-1090", "joao", 18, ["twine 18.00"], { method: "voucher" }),
  ].map((one) => [one.invoice_id, one]),
);

/** Found by a word of the query; no article about the scanner on purpose. */
export const articles = [
  { about: ["e42", "sign-in"], title: "Error E42 at sign-in", text: "Sign out on all devices, then sign in again. E42 means that the session expired." },
  { about: ["key", "api"], title: "API keys", text: "A key that was shown to anyone must be rotated under Settings, API." },
  { about: ["export"], title: "Exporting orders", text: "Orders can be exported as CSV under Settings, Data." },
];
