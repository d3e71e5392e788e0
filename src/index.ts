/** The public library: an explicit list. */
export { traceFormat, type Trace, type Span, type Message, type Part } from "./core/trace/schema.ts";
