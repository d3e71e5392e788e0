import type { Redactor } from "../../src/core/redact/redactor.ts";

/** A redactor that changes nothing, for tests of what is around redaction. */
export const plainRedactor: Redactor = {
  stamp: { policy: "plain", key: "000000000000", style: "token" },
  learn() {},
  redactTrace: (trace) => ({ trace, findings: [] }),
  redactText: (text) => ({ text, findings: [] }),
  tokenOf: (kind, value) => `[${kind}:${value}]`,
  safeId: (id) => id,
};
