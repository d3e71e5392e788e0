import { harmless } from "../base/text.ts";

/**
 * Text as XML 1.0 may hold it and a log may show it: escape sequences, bidi overrides and what XML forbids (controls, lone
 * surrogates, U+FFFE) gone, markup escaped.
 */
export function xmlText(text: string): string {
  return harmless(text.toWellFormed())
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** One test case of a JUnit file. `detail` becomes the body of the failure or error, `skipped` its reason. */
export type JunitCase = {
  readonly name: string;
  readonly classname: string;
  readonly seconds?: number;
  readonly result: "pass" | "fail" | "error" | "skipped";
  readonly message?: string;
  readonly detail?: string;
};

export type JunitSuite = { readonly name: string; readonly cases: readonly JunitCase[] };

/** A JUnit file, as CI systems read it. */
export function junitXml(suites: readonly JunitSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(({ name, cases }) => [`  <testsuite name="${xmlText(name)}" ${totals(cases)}>`, ...cases.map(caseXml), "  </testsuite>"]),
    "</testsuites>",
    "",
  ].join("\n");
}

function totals(cases: readonly JunitCase[]): string {
  const count = (result: JunitCase["result"]): number => cases.filter((one) => one.result === result).length;
  const seconds = cases.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  return `tests="${cases.length}" failures="${count("fail")}" errors="${count("error")}" skipped="${count("skipped")}" time="${seconds.toFixed(3)}"`;
}

function caseXml({ name, classname, seconds, result, message = "", detail = "" }: JunitCase): string {
  const time = seconds === undefined ? "" : ` time="${seconds.toFixed(3)}"`;
  const head = `    <testcase name="${xmlText(name)}" classname="${xmlText(classname)}"${time}`;
  if (result === "pass") return `${head}/>`;
  const tag = { fail: "failure", error: "error", skipped: "skipped" }[result];
  const body = detail === "" ? "/>" : `>${xmlText(detail)}</${tag}>`;
  return `${head}>\n      <${tag} message="${xmlText(message)}"${body}\n    </testcase>`;
}
