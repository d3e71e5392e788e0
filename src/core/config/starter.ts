/** The files a repository starts with. Texts for people: each says in a line or two what it is for and what to change. */

export const configText = (dataset: string): string => `# yaml-language-server: $schema=./node_modules/casebook/schemas/config.json
schema: casebook/config@1

# The dataset that build, release, replay and gate use when none is named.
dataset: ${dataset}

# Who judges, as written into labels. CASEBOOK_ANNOTATOR goes first; without both, it is the name git has for you.
# annotator: ann

# What redaction keeps, masks or drops, and values that are harmless although they look sensitive:
# redact:
#   allow: []
`;

export const promptText = `---
description: The instructions under test. One file is one version; copy it to v2.md to try another.
---
You answer customers of a shop. Look things up with the tools you have before you say anything about an order.
Ask when something is missing. Never act on money or data before the customer has confirmed it.
`;

/** Lines that must be in .gitignore and .gitattributes, whatever else is. */
export const ignoreLines: readonly string[] = [".casebook/", "datasets/.*.staging/"];

/** Bytes are hashed, so git must not turn line ends; what machines write is folded away in reviews. */
export const attributeLines: readonly string[] = [
  "datasets/** text eol=lf",
  "datasets/**/trace.json linguist-generated=true",
  "datasets/**/versions/*.json linguist-generated=true",
  "datasets/**/baseline*.jsonl linguist-generated=true",
];

export const workflowText = `# Checks the datasets on every pull request, and replays them without a model or a key.
name: casebook
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  casebook:
    runs-on: ubuntu-latest
    env:
      # Only needed where redact.allow of casebook.yaml lists values. A fork has no secrets, and that is fine.
      CASEBOOK_KEY: \${{ secrets.CASEBOOK_KEY }}
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm ci
      - name: Hashes, references, shapes, leaks
        if: hashFiles('datasets/*/dataset.yaml') != ''
        run: npx casebook verify
      - name: What changed in the dataset
        if: github.event_name == 'pull_request' && hashFiles('datasets/*/versions/*.json') != ''
        run: npx casebook diff "@origin/$GITHUB_BASE_REF" --markdown >> "$GITHUB_STEP_SUMMARY" || true
      - name: Replay the recordings
        if: hashFiles('datasets/*/versions/*.json') != ''
        run: npx casebook replay --prompt recorded --depth frozen
      - name: Gate against the blessed run
        if: hashFiles('datasets/*/baseline.jsonl') != ''
        run: npx casebook gate
`;

export const hookText = `#!/bin/sh
# Written by "casebook init --hooks": looks for leaks in what is staged.
# Asks no registry: the casebook of this folder, else the one on the path.
for casebook in ./node_modules/.bin/casebook "$(command -v casebook)"; do
  [ -x "$casebook" ] && exec "$casebook" verify --staged
done
echo "casebook is not installed here, so nobody looked for leaks. Install it (npm install), or leave it out: git commit --no-verify" >&2
exit 1
`;
