// Loaded with `node --import` before a program: writes what its process came to (ms, cpu ms, peak MB) to the file CASEBOOK_PEAK names when it ends.
import { readFileSync, writeFileSync } from "node:fs";

const began = performance.timeOrigin;
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  // Linux carries the maximum of the parent over into a child; VmHWM is of this program alone.
  let peak = maxRSS / 1024;
  try {
    peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
  } catch {
    // No /proc here.
  }
  writeFileSync(process.env.CASEBOOK_PEAK, JSON.stringify({ ms: performance.timeOrigin + performance.now() - began, cpu: (userCPUTime + systemCPUTime) / 1000, peak }));
});
