/** What is wrong, why it matters, and the line of code that mends it. `{…}` are filled in. */
export type Remedy = { readonly words: string; readonly typescript: string; readonly python: string };

const recorder = {
  typescript: 'addTraceProcessor(createRecorder({ path: "traces.jsonl" })); // from "casebook/recorder"',
  python: 'add_trace_processor(CasebookRecorder("traces.jsonl"))  # from casebook_recorder',
};
const named = { typescript: 'new Runner({ workflowName: "support-triage" })', python: 'RunConfig(workflow_name="support-triage")' };
const flushed = {
  typescript: "try { await runner.run(agent, input); }\nfinally { await getGlobalTraceProvider().forceFlush(); }",
  python: "try: await Runner.run(agent, text)\nfinally: flush_traces()",
};

export const remedies = {
  "workflow-name-missing": { words: "have no workflow name; it is what lists, filters and datasets go by", ...named },
  "workflow-name-default": { words: 'carry the SDK\'s default name "Agent workflow", which says nothing about what ran', ...named },
  "workflow-name-text": { words: "are named by a piece of text (a sentence, the user's words); a workflow name is stable and short", ...named },
  "workflow-name-id": {
    words: "have an id, a number or personal data in the workflow name; ids belong in metadata or the group id",
    typescript: 'new Runner({\n  workflowName: "support-triage",\n  traceMetadata: { request_id: requestId },\n})',
    python: 'RunConfig(\n  workflow_name="support-triage",\n  trace_metadata={"request_id": request_id},\n)',
  },
  "workflow-name-unlisted": { words: "have a workflow name that the contract does not list", ...named },
  "workflow-names-many": { words: "have almost as many workflow names as there are traces: the name holds something that varies", ...named },
  "metadata-missing": {
    words: "have no {key} in the metadata, so nothing can be compared by it",
    typescript: "new Runner({ traceMetadata: {{members}} })",
    python: 'RunConfig(trace_metadata={{members_python}})',
  },
  "metadata-long": {
    words: "hold text in metadata ({key}); a document or prompt does not belong there: name its version",
    typescript: "new Runner({ traceMetadata: { prompt_version: promptVersion } }) // not the prompt itself",
    python: 'RunConfig(trace_metadata={"prompt_version": prompt_version})  # not the prompt itself',
  },
  "metadata-sensitive": {
    words: "hold secrets or personal data in metadata ({detail}); every exporter sends it, with sensitive data off too",
    typescript: "new Runner({ traceMetadata: { request_id: requestId } }) // an opaque id that leads there",
    python: 'RunConfig(trace_metadata={"request_id": request_id})  # an opaque id that leads there',
  },
  "group-id-missing": {
    words: "have no group id, so the turns of one conversation cannot be joined",
    typescript: "new Runner({ groupId: conversationId })",
    python: "RunConfig(group_id=conversation_id)",
  },
  "group-id-sensitive": {
    words: "hold personal data in the group id ({detail})",
    typescript: "new Runner({ groupId: conversationId }) // an opaque id",
    python: "RunConfig(group_id=conversation_id)  # an opaque id",
  },
  "response-ids-only": { words: "hold only the ids of model responses: the SDK's own export leaves the messages out", ...recorder },
  "content-missing": { words: "hold neither messages nor tool content", ...recorder },
  "content-partial": { words: "hold only some of their messages or tool content", ...recorder },
  "content-truncated": { words: "hold text that an exporter cut; what is cut cannot be judged or replayed", ...recorder },
  "model-spans-missing": {
    words: "have turns but no model call: a model class of your own opens no span by itself",
    typescript: "return withGenerationSpan(async (span) => {\n  span.spanData.output = [answer];\n  return answer;\n}, { data: { input, model } });",
    python: "with generation_span(input=messages, model=name) as span:\n    span.span_data.output = [answer]",
  },
  "sensitive-data-off": {
    words: "were made with sensitive data off: arguments, outputs and messages are gone",
    typescript: "new Runner({ traceIncludeSensitiveData: true }) // and redact in the recorder: createRecorder({ path, redact })",
    python: "RunConfig(trace_include_sensitive_data=True)  # and redact in the recorder: CasebookRecorder(path, redact=...)",
  },
  "sensitive-data-on": {
    words: "hold content although the contract says that sensitive data is off",
    typescript: "new Runner({ traceIncludeSensitiveData: false })",
    python: "RunConfig(trace_include_sensitive_data=False)  # or OPENAI_AGENTS_TRACE_INCLUDE_SENSITIVE_DATA=0",
  },
  "trace-without-spans": { words: "have a trace record and no span: the process ended before they were sent", ...flushed },
  "run-without-end": { words: "lack the spans that end last: the process died, or ended before they were sent", ...flushed },
  "trace-record-missing": {
    words: "have spans but no trace record: no name, no metadata, no group",
    typescript: recorder.typescript.replace(" //", " // before the first run,"),
    python: `${recorder.python}, before the first run`,
  },
} as const satisfies Readonly<Record<string, Remedy>>;

export type ContractCode = keyof typeof remedies;
