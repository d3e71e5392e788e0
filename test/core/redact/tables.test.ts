import { describe, expect, test } from "vitest";
import { masked } from "./support.ts";

describe("a column's name says what its cells are", () => {
  test.each([
    ["with commas", 'id,name,email,dob\n1,"Quirrelbom, Xan",x@corp.io,1971-03-02\n', ["NAME Quirrelbom, Xan", "EMAIL x@corp.io", "DOB 1971-03-02"]],
    ["with semicolons, in another language", "Nachname;Vorname;Geburtsdatum;Telefon\nZzyzx;Xanthe;02.03.1971;628 321 697", ["NAME Zzyzx", "NAME Xanthe", "DOB 02.03.1971", "PHONE 628 321 697"]],
    ["with tabs", "last_name\tmember_no\nZzyzx\tADX 280225", ["NAME Zzyzx", "USER_ID ADX 280225"]],
    ["in Markdown", "See:\n\n| Claimant | Date of birth |\n|:--|---|\n| R. Zzyzx | 21.03.1978 |\n\nDone.", ["NAME R. Zzyzx", "DOB 21.03.1978"]],
    ["after a line that ends in a colon", "The export:\npupil,guardian\nXan Quirrelbom,Zzyzx Xanthe\n", ["NAME Xan Quirrelbom", "NAME Zzyzx Xanthe"]],
    ["of policies", "Policyholder | Policy\nXan Zzyzx | MCX859553040\n", ["NAME Xan Zzyzx", "ID MCX859553040"]],
    ["in a fence", "Here it is.\n```csv\nsurname,room\nZzyzx,4\n```", ["NAME Zzyzx"]],
    ["in a member of JSON", JSON.stringify({ csv: "surname,room\nZzyzx,4\n" }), ["NAME Zzyzx"]],
  ])("%s", (_, text, expected) => {
    expect(masked(text)).toEqual(expected);
  });

  test.each([
    ["where no column is of a person", "| Plan | Price | Name |\n|---|---|---|\n| Basic | 9.99 | Zebra Blue |"],
    ["where a line has other cells than the head", "surname, room\nor so, they said, to him\n"],
    ["of policies that are rules", "| Policy | State |\n|---|---|\n| retry-3 | on |\n| AES-256 | on |"],
    ["in prose with commas", "Tenant, Landlord, and Guarantor\nBoth Parties, The Agent, and Others\n"],
    ["of a person's word whose cells are no names", "| Owner | State |\n|---|---|\n| platform | open |\n| Billing Team | open |"],
  ])("not %s", (_, text) => {
    expect(masked(text)).toEqual([]);
  });
});

test("rows that end in colons, and fences without an end, are read once", () => {
  const began = performance.now();
  expect(masked("```".repeat(60_000))).toEqual([]);
  expect(masked("zip,phone\nzip,x:\n".repeat(12_000))).toEqual([]);
  expect(performance.now() - began).toBeLessThan(3000);
});
