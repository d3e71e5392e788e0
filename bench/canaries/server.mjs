// The APIs of vendors on 127.0.0.1, answering what a file holds: node server.mjs api.json. Says its address on the first line. Below /refusing
// everything is an error whose words come from the file, too.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const { langfuse, langsmith, phoenix, responses, refusals } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const project = "6f0f1b5e-0000-4000-8000-000000000001";
let refused = 0;

function answer(path) {
  if (path.startsWith("/refusing")) return [422, { error: { message: refusals[(refused += 1) % refusals.length] }, detail: refusals[0] }];
  if (path.startsWith("/api/public/v2/observations")) return [200, { data: langfuse, meta: {} }];
  if (path.startsWith("/api/v1/sessions")) return [200, [{ name: "default", id: project }]];
  if (path.startsWith("/api/v2/runs/query")) return [200, { items: langsmith, next_cursor: "" }];
  if (path.startsWith("/v1/projects/")) return [200, { data: phoenix, next_cursor: null }];
  const [, id, items] = /^\/v1\/responses\/([^/?]+)(\/input_items)?/.exec(path) ?? [];
  const known = id === undefined ? undefined : responses[decodeURIComponent(id)];
  if (known === undefined) return [404, { error: { message: "no such thing" } }];
  return [200, items === undefined ? known.response : { object: "list", data: known.input, has_more: false }];
}

const server = createServer((request, response) => {
  request.resume();
  const [status, body] = answer(request.url ?? "");
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
