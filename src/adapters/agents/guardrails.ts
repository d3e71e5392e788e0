import type { GuardrailFunctionOutput, InputGuardrail, OutputGuardrail } from "@openai/agents";
import { guardrailScope } from "../../core/replay/script.ts";
import type { RecordedGuardrail } from "../../core/replay/guardrails.ts";
import type { Recording } from "./recording.ts";
import { inScope } from "./stage.ts";

const verdict = (tripwireTriggered: boolean): GuardrailFunctionOutput => ({ tripwireTriggered, outputInfo: {} });

/** Stand-ins that decide as recorded, in order, the last decision for ever after: the input is the recorded one. */
export function inputGuardrails(recorded: readonly RecordedGuardrail[], recording: Recording): InputGuardrail[] {
  return recorded
    .filter((one) => one.stage === "input")
    .map(({ name, verdicts }) => {
      let asked = 0;
      return {
        name,
        runInParallel: false,
        execute: async () => {
          const triggered = verdicts[Math.min(asked, verdicts.length - 1)] === true;
          asked += 1;
          recording.guardrail(name, triggered);
          return verdict(triggered);
        },
      };
    });
}

/**
 * Stand-ins that decide as recorded about the recorded output. About another output a guardrail that passed is taken to pass again;
 * one that tripped cannot be known, which makes the trial invalid rather than wrong.
 */
export function outputGuardrails(recorded: readonly RecordedGuardrail[], recording: Recording, troubles: { unknowable: string | undefined }): OutputGuardrail[] {
  return recorded
    .filter((one) => one.stage === "output")
    .map(({ name, verdicts, output }) => ({
      name,
      execute: async ({ agentOutput }) => {
        const words = typeof agentOutput === "string" ? agentOutput : JSON.stringify(agentOutput);
        const tripped = verdicts.includes(true);
        const triggered = tripped && words === output;
        if (tripped && !triggered) troubles.unknowable ??= name;
        recording.guardrail(name, triggered);
        return verdict(triggered);
      },
    }));
}

/** A guardrail of the user's own, run for real and written down. */
export function heardGuardrail<T extends { readonly name: string; execute: (args: never) => Promise<GuardrailFunctionOutput> }>(guardrail: T, recording: Recording): T {
  return {
    ...guardrail,
    execute: async (args: never) => {
      const result = await inScope(guardrailScope(guardrail.name), () => guardrail.execute(args));
      recording.guardrail(guardrail.name, result.tripwireTriggered);
      return result;
    },
  };
}
