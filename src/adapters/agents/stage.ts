import { AsyncLocalStorage } from "node:async_hooks";
import type { Agent, Handoff } from "@openai/agents";
import type { Recording } from "./recording.ts";

/** What surrounds code that runs inside one trial: its recording, and the conversation it is in (see `conversationScope`). */
export type Stage = {
  readonly recording: Recording;
  readonly scope: string;
  /** The taped stand-in of an agent that user code runs by itself. */
  readonly understudy: (agent: AnyAgent) => AnyAgent;
};

// The SDK's classes are generic over the user's context and output, which a replay never looks at.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyAgent = Agent<any, any>;
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyHandoff = Handoff<any, any>;

/** Follows every await of a trial, through the SDK and the user's code. */
export const stage = new AsyncLocalStorage<Stage>();

/** Runs `body` in another conversation of the same trial. */
export function inScope<T>(scope: string, body: () => T): T {
  const here = stage.getStore();
  return here === undefined ? body() : stage.run({ ...here, scope }, body);
}
