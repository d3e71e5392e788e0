import { describe, expect, test } from "vitest";
import { clean, filtered, masked, secret } from "./support.ts";

const random = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6";
const hex = "9f86d081884c7d659a2feaa0c55ad015";

describe("what is masked", () => {
  test.each([
    ["e-mail", "write to mia.li+x@corp-mail.com, please", "EMAIL mia.li+x@corp-mail.com"],
    ["e-mail in angle brackets", "Mia <mia@corp.io>", "EMAIL mia@corp.io"],
    ["e-mail with letters beyond ASCII", "jörg@müller.de", "EMAIL jörg@müller.de"],
    ["spelled e-mail", "mia dot li at example dot com", "EMAIL mia dot li at example dot com"],
    ["phone with a plus", "reach me: +44 20 7946 0958.", "PHONE +44 20 7946 0958"],
    ["American phone", "(415) 555-0123 works", "PHONE (415) 555-0123"],
    ["phone after a word", "call me on 4155550123", "PHONE 4155550123"],
    ["card", "4111 1111 1111 1111", "CARD 4111 1111 1111 1111"],
    ["card without spaces", "use 5500005555555559 now", "CARD 5500005555555559"],
    ["last four digits", "the Visa ending in 7447", "CARD 7447"],
    ["starred card", "card ****1881", "CARD 1881"],
    ["IBAN", "DE89 3704 0044 0532 0130 00", "IBAN DE89 3704 0044 0532 0130 00"],
    ["IBAN in one piece", "GB82WEST12345698765432", "IBAN GB82WEST12345698765432"],
    ["US social security number", "078-05-1120", "ID 078-05-1120"],
    ["CPF", "529.982.247-25", "ID 529.982.247-25"],
    ["CNPJ", "11.222.333/0001-81", "ID 11.222.333/0001-81"],
    ["DNI", "12345678Z", "ID 12345678Z"],
    ["NIR", "2 55 08 14 168 025 38", "ID 2 55 08 14 168 025 38"],
    ["codice fiscale", "RSSMRA85T10A562S", "ID RSSMRA85T10A562S"],
    ["NINO", "AB 12 34 56 C", "ID AB 12 34 56 C"],
    ["NHS number", "NHS 943 476 5919", "ID 943 476 5919"],
    ["PESEL", "PESEL 44051401359", "ID 44051401359"],
    ["BSN", "BSN 111222333", "ID 111222333"],
    ["HETU", "131052-308T", "ID 131052-308T"],
    ["personnummer", "811228-9874", "ID 811228-9874"],
    ["Chinese resident id", "11010519491231002X", "ID 11010519491231002X"],
    ["Aadhaar", "2345 6789 0124", "ID 2345 6789 0124"],
    ["Indian PAN", "ABCPE1234F", "ID ABCPE1234F"],
    ["NRIC", "S1234567D", "ID S1234567D"],
    ["T.C. kimlik", "TC kimlik 10000000146", "ID 10000000146"],
    ["CURP", "HEGG560427MVZRRL04", "ID HEGG560427MVZRRL04"],
    ["Belgian national number", "85.07.30-033.28", "ID 85.07.30-033.28"],
    ["passport", "passport number X1234567", "ID X1234567"],
    ["IPv4", "from 81.2.69.142 today", "IP 81.2.69.142"],
    ["IPv6", "2a02:898:52::7334", "IP 2a02:898:52::7334"],
    ["MAC", "00:1b:44:11:3a:b7", "MAC 00:1b:44:11:3a:b7"],
    ["MAC with dashes", "00-1B-44-11-3A-B7", "MAC 00-1B-44-11-3A-B7"],
    ["date of birth", "born on April 5, 1990", "DOB April 5, 1990"],
    ["date of birth in a table", "DOB: 05/04/1990", "DOB 05/04/1990"],
    ["street", "at 975 Sunset Drive", "ADDRESS 975 Sunset Drive"],
    ["street with town", "742 Evergreen Terrace, Springfield, OR 97475", "ADDRESS 742 Evergreen Terrace, Springfield, OR 97475"],
    ["German street", "Hauptstraße 12, 10115 Berlin", "ADDRESS Hauptstraße 12, 10115 Berlin"],
    ["box", "PO Box 1234", "ADDRESS PO Box 1234"],
    ["British postcode", "SW1A 1AA", "ZIP SW1A 1AA"],
    ["introduced name", "Hello, my name is Amara Okafor.", "NAME Amara Okafor"],
    ["addressed name", "Dear Amara, thanks", "NAME Amara"],
    ["titled name", "Dr. Okafor called", "NAME Okafor"],
    ["name in a row of words", "Please add Fatima Patel to it", "NAME Fatima Patel"],
    ["labelled name", "Passenger: Aarav Ahmed", "NAME Aarav Ahmed"],
    ["labelled user", "my user ID is mia_li_3668", "USER_ID mia_li_3668"],
    ["user made of a name", "found omar_rossi_1241 there", "USER_ID omar_rossi_1241"],
    ["typed id", "use gift_card_6941833", "PAYMENT_ID gift_card_6941833"],
    ["home directory", "at /home/okafor/app.py", "USER_ID okafor"],
    ["home directory on Windows", "C:\\Users\\okafor\\app", "USER_ID okafor"],
    ["URL credentials", "postgres://svc:hUnter2@db:5432/x", "PASSWORD hUnter2"],
    ["URL query", "https://x.io/?a=1&access_token=abc123DEF456", "SECRET abc123DEF456"],
    ["Authorization header", `Authorization: Bearer ${random}`, `SECRET ${random}`],
    ["basic auth", "authorization: Basic dXNlcjpodW50ZXIy", "SECRET dXNlcjpodW50ZXIy"],
    ["key header", `curl -H "X-Api-Key: ${random}"`, `SECRET ${random}`],
    ["password in prose", "the password is Tr0ub4dor&3 ok", "PASSWORD Tr0ub4dor&3"],
    ["environment line", "DB_PASSWORD=correcthorse", "PASSWORD correcthorse"],
    ["code constant", `const stripeKey = "${random}";`, `SECRET ${random}`],
    ["hex near a secret word", `api token ${hex}`, `SECRET ${hex}`],
    ["curl user", "curl -u svc:s3cretpw https://x.io", "PASSWORD s3cretpw"],
    ["command line flag", "deploy --token=zq9RT55x", "SECRET zq9RT55x"],
    ["token alone", `got ${random} back`, `SECRET ${random}`],
    ["OpenAI", secret("sk-", "proj-", random), `SECRET ${secret("sk-", "proj-", random)}`],
    ["Anthropic", secret("sk-", "ant-api03-", random), `SECRET ${secret("sk-", "ant-api03-", random)}`],
    ["GitHub", secret("gh", "p_", random, "7R8s"), `SECRET ${secret("gh", "p_", random, "7R8s")}`],
    ["AWS", secret("AK", "IAIOSFODNN7EXAMPLE"), `SECRET ${secret("AK", "IAIOSFODNN7EXAMPLE")}`],
    ["Slack", secret("xo", "xb-123456789012-abcdefGHIJKL"), `SECRET ${secret("xo", "xb-123456789012-abcdefGHIJKL")}`],
    ["Google", secret("AI", "zaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q"), `SECRET ${secret("AI", "zaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q")}`],
    ["Stripe", secret("sk", "_live_", "4eC39HqLyjWDarjtT1"), `SECRET ${secret("sk", "_live_", "4eC39HqLyjWDarjtT1")}`],
    ["npm", secret("np", "m_", random, "7R8s"), `SECRET ${secret("np", "m_", random, "7R8s")}`],
    ["JWT", secret("ey", "JhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0NTYifQ.", "dBjftJeZ4CVPmB92K27uhbUJU1p1r"), `SECRET ${secret("ey", "JhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0NTYifQ.", "dBjftJeZ4CVPmB92K27uhbUJU1p1r")}`],
    ["private key", secret("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIB\n-----END RSA ", "PRIVATE KEY-----"), `SECRET ${secret("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIB\n-----END RSA ", "PRIVATE KEY-----")}`],
  ])("%s", (_, text, expected) => {
    expect(masked(text)).toContain(expected);
  });
});

describe("what is left alone", () => {
  test.each([
    ["a commit", "commit 805486e1c0ffee254f8b5e5ab4bb3a1d0e6b7a21\nAuthor: CI"],
    ["a checksum", `sha256: ${hex}${hex}`],
    ["a lock file's integrity", '"integrity": "sha512-QAqIj32AtK6+pEVNG7EOVxHdE06RP+FM5qpiEJ4RtDcFIqKUZHYhl0/N0IQsmOkZ=="'],
    ["a UUID", "request 3f2504e0-4f89-11d3-9a0c-0305e82c3301 done"],
    ["a version", "upgrade from 1.24.5.1 to 24.5.1"],
    ["a date", "on 2024-05-20 at 12:30:45"],
    ["a price", "that is $1,234,567.89 in total"],
    ["a path", "node_modules/typescript/lib/typescript.js:120:14"],
    ["code that names secrets", "const token = await getToken(apiKey, options.password);"],
    ["code that passes secrets on", "password: process.env.DB_PASSWORD,"],
    ["a type", "token: string; apiKey?: string | undefined"],
    ["a template", "Authorization: Bearer ${TOKEN}"],
    ["a placeholder", "OPENAI_API_KEY=<your-key-here>"],
    ["token counts", '{"prompt_tokens": 1234567, "max_tokens": 4096}'],
    ["loopback", "listening on 127.0.0.1:8080 and ::1"],
    ["a package and its version", "npm i lodash@4.17.21"],
    ["an image's name", "see logo@2x.png"],
    ["a Git address", "git@github.com:org/repo.git"],
    ["a greeting", "Hello There, I am Happy to help. Thank You!"],
    ["a city pair", "from New York to Los Angeles on May 20th"],
    ["terms in capitals", "Cabin Class: Basic Economy, Payment Method: Credit Card"],
    ["ordinary home directories", "/home/runner/work and /Users/ubuntu"],
    ["an order", "order #W2378156, tracking 843053632392, item 1151293680"],
    ["camel case near a key", "cache[cacheKey] = snapshotMcpTools(tools)"],
    ["a Luhn-invalid number", "4111111111111112"],
    ["a long counter", "processed 123456789012345678 rows"],
  ])("%s", (_, text) => {
    expect(masked(text)).toEqual([]);
  });
});

test("a finding says how sure it is: the same hex is masked after a secret word and only suspected alone", () => {
  expect(filtered([`an api key ${hex}`])[0]?.findings[0]?.tier).toBe("likely");
  expect(filtered([`blurb ${hex} blurb`])[0]?.findings[0]?.tier).toBe("suspect");
  expect(clean(`blurb ${hex} blurb`)).toContain(hex);
});

test("a letter that is longer in lower case hides no word with capitals beside it", () => {
  expect(masked("Send it to İzmir, or to po BOX 1234")).toEqual(["ADDRESS po BOX 1234"]);
});

test("placeholders of ours are never scanned again", () => {
  const once = clean("Authorization: Bearer abcDEF123456ghiJKL for mia@corp.io");
  expect(once).toMatch(/^Authorization: Bearer \[SECRET:[a-z2-7]{16}\] for \[EMAIL:[a-z2-7]{16}\]$/);
  expect(clean(once)).toBe(once);
});
