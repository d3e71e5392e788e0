import { createContractCheck, type ContractReport } from "../core/contract/check-contract.ts";
import type { Contract } from "../core/contract/contract.ts";
import type { Progress, TraceReader } from "../core/ports.ts";
import type { StoredTrace } from "../core/redact/stored.ts";

/** Checks traces against the contract, one at a time. What redaction saw in names, ids and metadata is part of it. */
export function check(contract: Contract, { traces, progress }: { readonly traces: Pick<TraceReader, "all">; readonly progress: Progress }): ContractReport {
  const checking = createContractCheck(contract);
  let done = 0;
  for (const { trace, findings } of traces.all()) {
    checking.add(trace, sightings(findings));
    progress.tick((done += 1), undefined, "traces");
  }
  progress.end();
  return checking.report();
}

/** Suspects wait for a person and are no reason to say no. */
const sightings = (findings: StoredTrace["findings"]): { path: string; kind: string }[] =>
  findings.filter(({ tier }) => tier !== "suspect").map(({ path, kind }) => ({ path, kind }));
