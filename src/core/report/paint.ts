/** What a piece of text means on a screen. The reporter says what, whoever has the terminal says how. */
export type Tone = "strong" | "faint" | "good" | "bad" | "warn" | "who" | "tool";
export type Paint = (tone: Tone, text: string) => string;

/** No colour: for files, pipes and `NO_COLOR`. */
export const plain: Paint = (_, text) => text;
