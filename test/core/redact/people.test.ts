import { describe, expect, test } from "vitest";
import { clean, filtered, masked } from "./support.ts";

describe("an address is masked whole, from the flat to the code", () => {
  test.each([
    ["British, with a flat", "Flat 12, 39 Mill Road, Glasgow, CF10 3AT"],
    ["British, over lines", "172 High Close\nNorwich\nM4 5JD"],
    ["American, over lines", "4711 Lakeview Way\nBaton Rouge, OH 75098"],
    ["American, with a side of the town", "2331 N Juniper Ave, Unit 4B, Tacoma WA 77001"],
    ["Canadian", "1834 Sherbrooke St W, Toronto, ON V6B 1A1"],
    ["Australian", "Unit 4, 119 Collins Parade, Fitzroy VIC 3065"],
    ["German", "Lindenweg 80a, 35122 Köln"],
    ["German, of several words", "Am Alten Markt 18b, 88975 Berlin"],
    ["French", "100 bis boulevard Saint-Michel, 75011 Lyon"],
    ["Spanish", "C/ Alcalá, 14, 3º B, 28014 Madrid"],
    ["Brazilian", "Rua das Flores, 2406, São Paulo - SP, 13792-188"],
    ["Dutch", "Keizersgracht 224-2, 1854 CX Rotterdam"],
    ["Italian", "Piazza Mazzini, 160 - 00184 Roma (RM)"],
    ["Polish", "ul. Marszałkowska 81/14, 62-322 Gdańsk"],
    ["Turkish", "Cumhuriyet Mah. Lale Sok. No: 54 D: 1, Ankara"],
    ["Indian", "Flat 770, Lotus Apartments, Residency Road, Bengaluru 551419"],
    ["Indian, with a number over a street", "799/15, MG Marg, Bengaluru - 674561"],
    ["Japanese, in Latin letters", "2-14-12 Ginza, Shibuya-ku, Tokyo 155-7661"],
    ["Japanese", "〒120-7518 東京都渋谷区神南6-5-2"],
    ["Swedish", "Drottninggatan 28, 111 97 Stockholm"],
    ["Swedish, with a letter", "Björkvägen 9 B, 752 20 Uppsala"],
    ["Portuguese", "Av. da Liberdade 110, 1250-146 Lisboa"],
    ["Portuguese, with a floor", "Rua do Ouro 88, 2º Esq., 1100-063 Lisboa"],
    ["Spanish, with a side", "Calle Mayor 4, 3º izq., 28013 Madrid"],
    ["Polish, with a flat", "ul. Świętokrzyska 31/33 m. 8, 00-049 Warszawa"],
    ["Dutch, with a Roman number", "Kerkstraat 14-II, 3511 KX Utrecht"],
    ["Dutch, of several words", "Laan van Meerdervoort 501, 2563 AV Den Haag"],
    ["German, told by code and town", "Hinter den Gärten 3, 72070 Tübingen"],
    ["Austrian", "Mariahilfer Straße 12/3/14, 1060 Wien"],
    ["Norwegian", "Karl Johans gate 22, 0159 Oslo"],
    ["Hungarian", "Andrássy út 22, 1061 Budapest"],
    ["Irish, without a number", "Ballymore, Co. Westmeath, N91 K2V5"],
    ["Irish", "4 Quay Street, Galway, H91 E8YT"],
    ["British, without a number", "Rose Cottage, Mill Lane, Hexham NE46 1QF"],
    ["Indian, with three numbers", "H.No. 8-2-120, Road No. 3, Banjara Hills, Hyderabad 500034"],
    ["Indian, without a road", "Flat 5C, Lake View Towers, Salt Lake, Kolkata 700091"],
    ["Indian, with a letter", "B-204, Shanti Apartments, MG Road, Pune 411001"],
  ])("%s", (_, address) => {
    expect(masked(`Please send it to ${address}. Is that right?`)).toEqual([`ADDRESS ${address}`]);
  });

  test("the next line's label is no town", () => {
    expect(masked("Address: Lindenweg 80, 35122 Köln\nPhone: unknown\nTel later")).toEqual(["ADDRESS Lindenweg 80, 35122 Köln"]);
  });

  test("a letter that grows when it is made small hides nothing of the others", () => {
    const found = filtered(["İzmir is far away", "we live at Viale Garibaldi 136, 20121 Firenze"])[1]?.findings ?? [];
    expect(found.map(({ kind }) => kind)).toEqual(["ADDRESS"]);
  });
});

describe("what a label says without a sign is masked", () => {
  test.each([
    ["a policy", "her policy number HX56240513, please", "ID HX56240513"],
    ["a customer", "customer number A-5160386", "USER_ID A-5160386"],
    ["a plate", "license plate AK55 CDX", "ID AK55 CDX"],
    ["a German plate", "licence plate B-XE 6058", "ID B-XE 6058"],
    ["a health card", "my Medicare card is 6350 41941 9", "ID 6350 41941 9"],
    ["a German pension number", "Rentenversicherungsnummer 46 600953 S 523", "ID 46 600953 S 523"],
    ["a tax number", "NIP 669-274-56-11", "ID 669-274-56-11"],
    ["an account's name", "I created the account whitlam.m for her", "USER_ID whitlam.m"],
    ["a member", "the member number ADX 280225 for her", "USER_ID ADX 280225"],
    ["a policy, in short", "insured elsewhere under policy POL-89717770.", "ID POL-89717770"],
    ["a plate, in short", "the blue van, reg YN84 UZA, left", "ID YN84 UZA"],
    ["a handle", "my twitter handle is @xzzyzxq", "USER_ID @xzzyzxq"],
    ["a handle in a message", "I'll call the engineer, @zzyzx45.", "USER_ID @zzyzx45"],
    ["a login of a reporter", "reporter: zzyzx75\nseverity: high", "USER_ID zzyzx75"],
    ["a login somebody is assigned", "no address; assigned_to=zzyzx88", "USER_ID zzyzx88"],
    ["a Spanish phone", "mi número es 628 321 697", "PHONE 628 321 697"],
    ["a Dutch phone", "mijn nummer is 692-863-803.", "PHONE 692-863-803"],
    ["a phone that a code went to", "I've sent a code to 628 321 697.", "PHONE 628 321 697"],
    ["a phone of a signature", "see you\nM: 22 465 21 99", "PHONE 22 465 21 99"],
    ["an IBAN before a word", "return it to ES91 2100 0418 4502 0005 1332 by May", "IBAN ES91 2100 0418 4502 0005 1332"],
    ["a record that says so itself", "see MRN-24996693 there", "ID MRN-24996693"],
    ["a login in a log", 'msg="start" user=iyer.s bytes=4', "USER_ID iyer.s"],
    ["a place", "the tower near 41.56378, 148.23843 is down", "GEO 41.56378, 148.23843"],
    ["a national phone of twelve digits", "ring her, 0221 71688645", "PHONE 0221 71688645"],
    ["a national phone in one piece", "References: a friend, 08025358151", "PHONE 08025358151"],
    ["a Turkish phone", "my mobile, 0(554) 395 17 40", "PHONE 0(554) 395 17 40"],
  ])("%s", (_, text, expected) => {
    expect(masked(text)).toEqual([expected]);
  });
});

describe("a date of birth is masked", () => {
  test.each([
    ["with a short month", "born 28-Jun-1980", "28-Jun-1980"],
    ["before the word", "Ich bin am 28.06.1980 geboren", "28.06.1980"],
    ["in French", "Je suis né le 06.10.1959", "06.10.1959"],
    ["in Spanish", "Nací el 2/7/1949", "2/7/1949"],
    ["in French, of either sex", "Né(e) le 04/08/1981.", "04/08/1981"],
    ["in Portuguese JSON", '{"data_nascimento": "1981-08-04"}', "1981-08-04"],
    ["that was asked for a line before", "Agent: And your date of birth?\nCaller: 18.05.2003\nAgent: Thanks.", "18.05.2003"],
    ["of a child", "My daughter (14/02/1984) starts in year 7", "14/02/1984"],
    ["in an attribute", '<birthTime value="1958-11-11"/>', "1958-11-11"],
    ["in an element", "<x><GeburtsDatum>11.11.1958</GeburtsDatum></x>", "11.11.1958"],
    ["with a month's name in German", "geboren am 3. März 1971", "3. März 1971"],
    ["with a month's name in Spanish", "fecha de nacimiento: 3 de marzo de 1971", "3 de marzo de 1971"],
  ])("%s", (_, text, expected) => {
    expect(masked(text)).toEqual([`DOB ${expected}`]);
  });

  test("one spelling is known in another", () => {
    expect(masked("geboren am 3. März 1971 (1971-03-03)")).toContain("DOB 1971-03-03");
  });
});

describe("a name is masked", () => {
  test.each([
    ["with small words before it", "Dr. van der Meulen called", "NAME van der Meulen"],
    ["in Polish", "nazywam się Zbigniew Zając.", "NAME Zbigniew Zając"],
    ["after a label, at the end of a sentence", "Tutor: Bernd Böhm. Thanks", "NAME Bernd Böhm"],
    ["of a member in another language", '{"Geburtsdatum": "1971-03-03", "Nachname": "Zürcher"}', "NAME Zürcher"],
    ["of a health record", '{"name":[{"family":"Bergström","given":["Juhani"]}]}', "NAME Bergström"],
    ["at the beginning of an answer", "Svetlana, your new contract was posted.", "NAME Svetlana"],
    ["in elements", "<name><given>Xan</given><family>Zzyzx</family></name>", "NAME Zzyzx"],
    ["in an element for somebody", "<Claim><Claimant>Xan Zzyzx</Claimant></Claim>", "NAME Xan Zzyzx"],
    ["in Dutch JSON", '{"volledigeNaam": "Xan Zzyzx"}', "NAME Xan Zzyzx"],
    ["in Portuguese JSON", '{"encarregado": {"nome": "Zzyzx"}}', "NAME Zzyzx"],
    ["with a small word of Malay names", "mein Name ist Khadija bint Yusuf, geboren", "NAME Khadija bint Yusuf"],
    ["after a Dutch title", "Beste mevrouw Zzyzx,", "NAME Zzyzx"],
    ["after a judge's title", "Judge Zzyzx adjourned it", "NAME Zzyzx"],
    ["of another party", '{"counterparty": "Rocío Quintanilla"}', "NAME Rocío Quintanilla"],
  ])("%s", (_, text, expected) => {
    expect(masked(text)).toContain(expected);
  });

  test("not the next sentence's first word, nor a title", () => {
    expect(masked("My name's Maite Zubizarreta. I called. Thank you, Ms. Zubizarreta. I did.")).toEqual(["NAME Maite Zubizarreta", "NAME Zubizarreta"]);
  });
});

test("a number that follows a phone is none", () => {
  expect(masked("tel. 020 7946 0958. Police report 24-00871")).toEqual(["PHONE 020 7946 0958"]);
});

test.each([
  ["vectors", "weights = [0.12345, 0.56789, 1.23456, 2.34567]\nnp.array([12.34567, 45.67891])"],
  ["words that end labels", "the account is well-known, the number 12 is even, no 3 pages, your id should match"],
  ["numbers before numbers", "see Page 3, 12000 Words; on March 3, 2024 Xan; Table 4, 1500 Rows; Release 7, 45000 Users; [Level 3, 4500 Points]"],
  ["dates of no birth", "Agent: Which day?\nCaller: 18.05.2023\nMy report (14/02/2024) is ready; Svalbard, you may know, is cold; Python, your friend"],
  ["what is no login", "author: see below; reporter: json; owner: team42; driver: nvidia535; parent: abc123; assigned_to: billing"],
  ["elements of pages", "<title>Broadband Max</title><name>Boiler Service</name><label>Name</label><span>Given</span>"],
  ["at-signs of code", "@app.route @types/node @media2 print, @Component({a: 1}) @v2 of lodash@4.17.21 and @angular2/core"],
  ["policies and registers", "policy version 2, policy 2024-01 of IAM; reg 12; under policy rules, reg. office; policy AES-256"],
  ["codes that are no postcodes", "in Room 4, AB12 3C; model A12 B3C4 of it"],
  ["streets nobody lives in", "via Twitter, a plaza in town, unit 4 tests, place 3 calls"],
])("%s are left alone", (_, text) => {
  expect(clean(text)).toBe(text);
});

test.each([
  ["after a word that people follow", "my car was hit by Shanice Quirrelbom", "Shanice Quirrelbom"],
  ["after a label", "Package for the shop\nCarrier: Philippa Cholmondeley", "Philippa Cholmondeley"],
  ["with small words between", "we met Marijke van den Quirrelberg there", "Marijke van den Quirrelberg"],
])("a first name with a last name that no list knows is a name %s", (_, text, name) => {
  expect(masked(text)).toEqual([`NAME ${name}`]);
});

test.each(["a plugin for Jenkins Quirrelbom", "written by Shanice QUIRREL_BOM", "made with Angular Materialize Kit", "the Banco de Quirrelia", "nach Svenja und Anton"])("no name is seen in %j", (text) => {
  expect(masked(text)).toEqual([]);
});

describe("one name alone is seen where only people stand", () => {
  test.each([
    ["asked", "could you ask Rajesh in payroll about it", ["NAME Rajesh"]],
    ["told", "I told Svetlana about the leak", ["NAME Svetlana"]],
    ["of whom something is told", "they told us that Ekaterina would be moved", ["NAME Ekaterina"]],
    ["with an initial", "Payment came from S. Kowalczyk and not from me.", ["NAME S. Kowalczyk"]],
    ["with two initials", "signed J. R. Okafor, in ink", ["NAME J. R. Okafor"]],
    ["of an agent", "[10:03] Agent Priyanka: Let me look.", ["NAME Priyanka"]],
    ["of speakers", "Joost: hi are you there?\nSvetlana: yes, one sec\nJoost: my meter", ["NAME Joost", "NAME Svetlana", "NAME Joost"]],
    ["that introduces itself", "hey, its Svetlana again", ["NAME Svetlana"]],
    ["of an account", "it is under Kowalczyk, first name Svetlana.", ["NAME Kowalczyk", "NAME Svetlana"]],
  ])("%s", (_, text, expected) => {
    expect(masked(text)).toEqual(expected);
  });

  test.each(["features:\n  - name: Smart Replies\n  - name: Read Receipts", "Warning: low disk\nNote: x\nStatus: up", "Jenkins: green\nall done", "ask Docker for it, told Java so", "Payroll Officer, from Oxford Circus with Roam Abroad and Read Receipts", "see A. Overview and B. Testing of Part C. Results", "it is under Construction, told Slack"])("not in %j", (text) => {
    expect(masked(text)).toEqual([]);
  });
});
