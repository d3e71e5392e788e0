/**
 * Looks for many texts in many bytes in one pass: a table of four-byte beginnings, then the six-byte ones, then the text.
 * Shares nothing with what it examines.
 */
export function finderOf(patterns) {
  const bits = 22;
  const table = new Uint8Array(1 << bits);
  const heads = new Map();
  const slotOf = (buffer, at) => (Math.imul(buffer[at] | (buffer[at + 1] << 8) | (buffer[at + 2] << 16) | (buffer[at + 3] << 24), 0x9e3779b1) >>> (32 - bits));
  const headOf = (buffer, at) => buffer.latin1Slice(at, at + 6);
  for (const [text, owner] of patterns) {
    const bytes = Buffer.from(text);
    if (bytes.length < 6) continue;
    table[slotOf(bytes, 0)] = 1;
    const head = headOf(bytes, 0);
    if (!heads.has(head)) heads.set(head, []);
    heads.get(head).push({ bytes, owner });
  }
  return (buffer, found) => {
    for (let at = 0; at + 6 <= buffer.length; at += 1) {
      if (table[slotOf(buffer, at)] === 0) continue;
      for (const { bytes, owner } of heads.get(headOf(buffer, at)) ?? [])
        if (at + bytes.length <= buffer.length && buffer.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0) found(owner);
    }
  };
}

const squeeze = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "");

/**
 * A finder of canaries: by the value and what its encoding made of it, exactly, and by their letters and digits alone, so that a value in
 * other case, wrapped, regrouped or in a file's name is seen. Few digits prove nothing without what stands between them.
 */
export function canaryFinder(canaries) {
  const exact = new Map();
  const loose = new Map();
  for (const canary of canaries)
    for (const text of new Set([...canary.made.pieces, ...canary.cores])) {
      exact.set(text, [...(exact.get(text) ?? []), canary]);
      const bare = squeeze(text);
      // (`4000%200000` without its sign is `4000200000`, and so is a time of day.)
      const grown = text.includes("%") && /^\d{1,15}$/.test(bare);
      if ((bare.length >= 10 && !grown) || (bare.length >= 8 && /[g-z]/.test(bare))) loose.set(bare, [...(loose.get(bare) ?? []), canary]);
    }
  const [strict, free] = [finderOf(exact), finderOf(loose)];
  return (buffer) => {
    const found = new Set();
    const take = (owners) => owners.forEach((one) => found.add(one));
    strict(buffer, take);
    free(Buffer.from(squeeze(buffer.latin1Slice())), take);
    return found;
  };
}
