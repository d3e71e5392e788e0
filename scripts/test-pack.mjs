// What a user gets from the registry, tried as a user would: pack, install into an empty folder, run the program,
// import both entries and a schema; first without the Agents SDK (an optional peer), then with it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "casebook-pack-"));
const npm = (...args) => execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const casebook = (...args) => spawnSync(join(folder, "node_modules/.bin/casebook"), args, { cwd: folder, encoding: "utf8" });

try {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  const names = packed.files.map((file) => file.path);
  for (const wanted of ["bin/casebook.js", "dist/index.js", "dist/index.d.ts", "dist/recorder/index.js", "schemas/case.json", "recorder/casebook_recorder.py", "README.md", "LICENSE"])
    assert.ok(names.includes(wanted), `the tarball lacks ${wanted}`);
  assert.deepEqual(names.filter((name) => /^(src|test|bench|node_modules|\.casebook)\//.test(name)), [], "the tarball holds what it should not");

  writeFileSync(join(folder, "package.json"), '{"private":true,"type":"module"}');
  npm("install", "--no-audit", "--no-fund", join(folder, packed.filename));

  const version = casebook("--version");
  assert.equal(version.status, 0, version.stderr);
  assert.equal(version.stdout.trim(), manifest.version);
  writeFileSync(
    join(folder, "use.mjs"),
    `import { formats } from "casebook";
     import * as recorder from "casebook/recorder";
     import { readFileSync } from "node:fs";
     import { fileURLToPath } from "node:url";
     if (formats.length < 5 || Object.keys(recorder).length === 0) process.exit(1);
     JSON.parse(readFileSync(fileURLToPath(import.meta.resolve("casebook/schemas/case.json")), "utf8"));`,
  );
  execFileSync(process.execPath, ["use.mjs"], { cwd: folder, stdio: "inherit" });
  const without = casebook("demo");
  assert.equal(without.status, 2, `demo without the SDK should exit 2, not ${without.status}: ${without.stderr}`);
  assert.match(without.stderr, /@openai\/agents/);

  npm("install", "--no-audit", "--no-fund", "--ignore-scripts", `@openai/agents@${manifest.devDependencies["@openai/agents"]}`);
  const demo = casebook("demo");
  assert.equal(demo.status, 0, demo.stdout + demo.stderr);
  console.log(`packed ${packed.filename}: ${names.length} files, ${(packed.unpackedSize / 1e6).toFixed(1)} MB; installed, imported and ran the demo`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
