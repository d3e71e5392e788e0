import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Files share a process and the modules it has loaded, which halves the suite. Each leaves things as they were.
    isolate: false,
    restoreMocks: true,
    // Only an upper bound, for machines with a lot else to do.
    testTimeout: 60_000,
    // The SDK switches its tracing off under NODE_ENV=test, which the recorder's tests must not meet.
    env: { NODE_ENV: "development" },
  },
});
