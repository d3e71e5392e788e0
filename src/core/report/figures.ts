/** `0.45` as `45 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A p-value as people read it: `0.031`, `<0.001`, `1`. */
export const pValue = (p: number): string => (p < 0.001 ? "<0.001" : String(Number(p.toPrecision(2))));

/** A difference of shares in percentage points, with its sign: `−12`, `+3`. */
export const points = (share: number): string => {
  const value = Math.round(share * 100);
  return value < 0 ? `−${-value}` : `+${value}`;
};

/** `1 case`, `2 cases`. */
export const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
