import type { ErrorCode } from "../core/base/error.ts";

/** What a command hands back to the shell. */
export const exit = { done: 0, no: 1, yours: 2, world: 3, inconclusive: 4, bug: 70, interrupted: 130 } as const;
export type Exit = (typeof exit)[keyof typeof exit];

/** Every error code has one exit; the compiler refuses a code without one. */
export const exitOf: Readonly<Record<ErrorCode, Exit>> = {
  usage: exit.yours,
  "bad-file": exit.yours,
  "newer-file": exit.yours,
  refused: exit.no,
  remote: exit.world,
  incomplete: exit.world,
  interrupted: exit.interrupted,
};
