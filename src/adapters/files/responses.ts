import { isObject, type Json } from "../../core/base/json.ts";
import type { RecordReader, ResponseReader } from "../../core/ports.ts";

/**
 * Recorded Responses of a file: one `{response_id?, request?: {input}, response}` or one Response object a line. Held in memory by
 * id, so the file should be the recordings of one export. `trouble` counts lines that are neither.
 */
export async function fileResponses(reader: RecordReader): Promise<ResponseReader & { readonly count: number; readonly trouble: number }> {
  const byId = new Map<string, { response: Json; input: Json | undefined }>();
  let trouble = 0;
  for await (const batch of reader.batches()) {
    trouble += batch.problems.length;
    for (const record of batch.records) {
      const { values, problems } = record.parse();
      trouble += problems.length;
      for (const value of values) {
        const response = isObject(value) && isObject(value["response"]) ? value["response"] : value;
        const id = isObject(response) ? response["id"] : undefined;
        if (!isObject(response) || typeof id !== "string") {
          trouble += 1;
          continue;
        }
        const request = isObject(value) && isObject(value["request"]) ? value["request"] : {};
        byId.set(id, { response: response as Json, input: (request["input"] ?? (isObject(value) ? value["input"] : undefined)) as Json | undefined });
      }
    }
  }
  return {
    count: byId.size,
    trouble,
    read: (id) => Promise.resolve(byId.get(id) ?? "unknown"),
  };
}
