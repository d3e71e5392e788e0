import { emptyHarvest, note, type Harvest } from "./harvest.ts";
import { settle, type Hit } from "./hit.ts";
import type { Policy } from "./policy.ts";
import type { Detector } from "./scan-text.ts";
import { sheetOf, type Memo } from "./sheet.ts";
import { spread, type Where } from "./spread.ts";
import { silenced, type Tokens } from "./token.ts";
import type { Work } from "./work.ts";

/** More rounds than this have never been needed. */
const rounds = 4;

export type Again = { readonly tokens: Tokens; readonly detectors: readonly Detector[]; readonly memo: Memo; readonly mask: Policy["mask"] };

/**
 * Scans what was changed once more, with the values that will be masked out of sight, until nothing new shows: a value may
 * stand so close to another one that it can only be seen when that one is gone. So redacting twice changes nothing.
 */
export function lookAgain(all: Where, again: Again): void {
  const { works } = all;
  let changed: ReadonlySet<Work> = new Set(works.filter(({ hits }) => hits.length > 0));
  for (let round = 0; round < rounds && changed.size > 0; round += 1) {
    const fresh = emptyHarvest();
    const grown = scanChanged(changed, fresh, again);
    if (grown.size === 0) return;
    const before = works.map(({ hits }) => hits.length);
    spread(all, { harvest: fresh });
    for (const [i, work] of works.entries()) if (work.hits.length > (before[i] ?? 0)) grown.add(work);
    changed = grown;
  }
}

/** The works in which something new was seen. */
function scanChanged(changed: ReadonlySet<Work>, fresh: Harvest, { tokens, detectors, memo, mask }: Again): Set<Work> {
  const grown = new Set<Work>();
  const sheet = sheetOf(detectors, memo);
  for (const work of changed) {
    const { leaf, view, hits } = work;
    if (leaf.role === "number" || work.blobs) continue;
    const masks = settle(hits).filter(({ tier }) => tier === "certain" || mask.includes(tier));
    if (masks.length === 0 && !view.text.includes("[")) continue;
    const text = silenced(view.text, tokens, masks.map(({ start, end }) => [start, end]));
    if (!/[^\s\u00a4]{2}/.test(text)) continue;
    const key = leaf.role !== "key" && leaf.key !== undefined && leaf.key.length <= 64 && text.length <= 4096 ? leaf.key : "";
    sheet.add(key, text, (hit: Hit) => {
      if (hit.tier === "suspect" || text.slice(hit.start, hit.end).includes("\u00a4")) return;
      hits.push(hit);
      note(fresh, hit.kind, view.text.slice(hit.start, hit.end), hit.tier);
      grown.add(work);
    });
  }
  sheet.scan();
  return grown;
}
