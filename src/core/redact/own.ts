/** A copy to keep for long: what was cut out of a long text would keep all of that text alive. */
export const ownCopy = (text: string): string => (text.length < 13 ? text : [text.slice(0, 1), text.slice(1)].join(""));
