import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import type { Leak, LeakGate } from "../../core/dataset/leak.ts";
import { viewsOf, type View } from "../../core/dataset/leak-views.ts";

const preset = "@secretlint/secretlint-rule-preset-recommend";
const config = { rules: [{ id: preset, rule: creator, options: {} }] };

/**
 * secretlint's recommended rules over the text and over everything decoded out of it. `name` gives the keyed name of what was
 * matched; secretlint's own messages quote it and are not passed on.
 */
export function secretlintGate(name: (value: string) => string): LeakGate {
  return {
    async scan({ path, text }) {
      await (quiet ??= silenceProfiler());
      const leaks: Leak[] = [];
      const [whole, ...decoded] = viewsOf(text);
      // Each call costs far more than the text of most views: two of them, whatever was decoded.
      for (const view of [whole, joined(decoded)]) {
        if (view === undefined || view.text === "") continue;
        const { messages } = await lintSource({
          source: { filePath: path, content: view.text, contentType: "text", ext: "" },
          options: { config, noPhysicFilePath: true },
        });
        for (const { ruleId, range } of messages) {
          const [start, end] = range;
          const rule = ruleId.replace(/^@secretlint\/secretlint-rule-/, "");
          leaks.push({ gate: "secretlint", rule, path, line: view.lineAt(start), token: name(view.text.slice(start, end)) });
        }
      }
      return leaks;
    },
  };
}

/** Views one after another, an empty line between them. */
function joined(views: readonly View[]): View {
  const starts: number[] = [];
  let length = 0;
  for (const { text } of views) {
    starts.push(length);
    length += text.length + 2;
  }
  const lineAt = (offset: number): number => {
    const at = Math.max(0, starts.findLastIndex((start) => start <= offset));
    return views[at]?.lineAt(offset - (starts[at] ?? 0)) ?? 1;
  };
  return { text: views.map((view) => view.text).join("\n\n"), lineAt };
}

let quiet: Promise<void> | undefined;

/**
 * secretlint marks every rule of every text for its profiler, which keeps all marks and searches them at each one: the time
 * grows with the square of what is scanned (28 cases took 20 s instead of 1). Nobody reads the profile here.
 */
async function silenceProfiler(): Promise<void> {
  const path = createRequire(import.meta.resolve("@secretlint/core")).resolve("@secretlint/profiler");
  const { secretLintProfiler } = (await import(pathToFileURL(path).href)) as { secretLintProfiler?: { mark: () => void } };
  if (secretLintProfiler !== undefined) secretLintProfiler.mark = () => {};
}
