import { emptyHarvest, note, type Harvest } from "./harvest.ts";
import { inOrder, settle, together, type Hit } from "./hit.ts";
import { keyFor } from "./look.ts";
import type { Policy } from "./policy.ts";
import type { Detector } from "./scan-text.ts";
import { sheetOf } from "./sheet.ts";
import type { Sight } from "./sight.ts";
import { spread, type Where } from "./spread.ts";
import { trait } from "./traits.ts";
import { silenced, type Tokens } from "./token.ts";

/** More rounds than this have never been needed. */
const rounds = 4;

export type Again = { readonly tokens: Tokens; readonly detectors: readonly Detector[]; readonly mask: Policy["mask"] };

/**
 * Scans what was changed once more, with the values that will be masked out of sight, until nothing new shows: a value may
 * stand so close to another one that it can only be seen when that one is gone. So redacting twice changes nothing.
 */
export function lookAgain(all: Where, again: Again): void {
  const { sights } = all;
  let changed: Iterable<Sight> = sights;
  for (let round = 0; round < rounds; round += 1) {
    const fresh = emptyHarvest();
    const grown = scanChanged(changed, fresh, again);
    if (grown.size === 0) return;
    const before = sights.map(({ hits }) => hits);
    spread(all, { harvest: fresh });
    for (const [i, sight] of sights.entries()) if (sight.hits !== before[i]) grown.add(sight);
    changed = grown;
  }
}

/** The sights in which something new was seen. */
function scanChanged(changed: Iterable<Sight>, fresh: Harvest, { tokens, detectors, mask }: Again): Set<Sight> {
  const grown = new Map<Sight, Hit[]>();
  const sheet = sheetOf(detectors);
  for (const sight of changed) {
    const { hits } = sight;
    const { text: whole, meaning, traits } = sight.term;
    const [first] = hits;
    if (first === undefined || meaning.role === "number" || (first.tier === "certain" && first.start === 0 && first.end === whole.length)) continue;
    const masks = settle(hits).filter(({ tier }) => tier === "certain" || mask.includes(tier));
    if (masks.length === 0 ? (traits & trait.bracket) === 0 : masks[0]?.start === 0 && masks[0].end === whole.length) continue;
    const text = silenced(whole, tokens, masks.map(({ start, end }) => [start, end]));
    if (!/[^\s\u00a4]{2}/.test(text)) continue;
    sheet.add(keyFor(meaning, text), text, (hit: Hit) => {
      if (hit.tier === "suspect" || text.slice(hit.start, hit.end).includes("\u00a4")) return;
      note(fresh, hit.kind, whole.slice(hit.start, hit.end), hit.tier);
      const news = grown.get(sight);
      if (news === undefined) grown.set(sight, [hit]);
      else news.push(hit);
    });
  }
  sheet.scan();
  for (const [sight, news] of grown) sight.hits = together(sight.hits, inOrder(news));
  return new Set(grown.keys());
}
