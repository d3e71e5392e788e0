import type { FunctionTool } from "@openai/agents";
import type { Recording } from "./recording.ts";

/**
 * A tool that looks like another to the model and answers from the tape. Nothing of the original that could act is kept: not
 * its function, not its error handler, not its time limit.
 */
export function tapedTool(spec: Omit<FunctionTool, "invoke">, agent: string, recording: Recording): FunctionTool {
  const { errorFunction: _error, customDataExtractor: _data, timeoutMs: _ms, timeoutErrorFunction: _late, timeoutBehavior: _how, ...shape } = spec;
  return {
    ...shape,
    invoke: async (_context, input, details) => recording.answer({ agent, name: spec.name, arguments: input, callId: details?.toolCall?.callId }),
  };
}
