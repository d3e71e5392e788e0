import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    // The SDK switches its tracing off under NODE_ENV=test, which the recorder's tests must not meet.
    env: { NODE_ENV: "development" },
  },
});
