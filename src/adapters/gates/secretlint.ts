import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import type { Leak, LeakGate } from "../../core/dataset/leak.ts";
import { viewsOf } from "../../core/dataset/leak-views.ts";

const preset = "@secretlint/secretlint-rule-preset-recommend";
const config = { rules: [{ id: preset, rule: creator, options: {} }] };

/**
 * secretlint's recommended rules over the text and over everything decoded out of it. `name` gives the keyed name of what was
 * matched; secretlint's own messages quote it and are not passed on.
 */
export function secretlintGate(name: (value: string) => string): LeakGate {
  return {
    async scan({ path, text }) {
      const leaks: Leak[] = [];
      for (const view of viewsOf(text)) {
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
