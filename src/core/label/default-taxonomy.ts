import type { Code, Taxonomy } from "./taxonomy.ts";

const since = "1.0.0";

/** What a row says beside id, name and definition: when to use the code, when not, and where it shows. */
type Rules = Pick<Code, "include" | "exclude" | "spans">;
const code = (id: string, name: string, definition: string, rules: Rules): Code => ({ id, name, definition, ...rules, since });

/**
 * The failure codes a workspace starts with: a shared vocabulary for agents with tools and handoffs, offered after people
 * have written notes in their own words. Ids never change; names and definitions may.
 */
export const defaultTaxonomy: Taxonomy = {
  schema: "casebook/taxonomy@1",
  version: since,
  codes: [
    code("spec.instruction-violated", "instruction violated", "Breaks a rule of the instructions or the output contract.", {
      include: "A rule that is written in the instructions and that this run broke.",
      exclude: "Rules nobody wrote down; for output that cannot be parsed use format.invalid.",
      spans: ["generation", "response", "agent"],
    }),
    code("spec.role-violated", "acted outside its role", "Does what another agent or a person was meant to do.", {
      include: "Answers or acts on a matter its instructions give to somebody else.",
      exclude: "A handoff to the wrong agent: handoff.wrong-target.",
      spans: ["agent", "handoff"],
    }),
    code("intent.misread", "misread the request", "Pursues a goal the user did not ask for.", {
      include: "The request was clear and the agent worked on something else.",
      exclude: "The request was unclear: intent.no-clarify.",
      spans: ["response", "generation"],
    }),
    code("intent.no-clarify", "did not ask back", "Goes ahead although what was asked is missing something or could mean several things.", {
      include: "A question to the user was needed before the first action or answer.",
      exclude: "The missing fact was in the conversation: context.lost.",
      spans: ["response", "generation"],
    }),
    code("intent.unsupported-not-declined", "did not decline", "Attempts or promises something it has no means to do.", {
      include: "No tool or permission exists for the request and the agent does not say so.",
      exclude: "The means exist but the wrong one was used: tool.wrong-choice.",
      spans: ["response", "generation", "mcp_tools"],
    }),
    code("tool.wrong-choice", "wrong tool", "Calls a tool that does not fit, or does not call the one that was needed.", {
      include: "Another tool that was offered fits the step, or a needed call is missing.",
      exclude: "Right tool, wrong values: tool.args-wrong.",
      spans: ["function", "agent", "mcp_tools"],
    }),
    code("tool.args-wrong", "wrong arguments", "Calls the right tool with arguments that are well formed and wrong.", {
      include: "Wrong id, amount, date, unit or recipient.",
      exclude: "Arguments that cannot be parsed or miss the schema: tool.args-invalid.",
      spans: ["function"],
    }),
    code("tool.args-invalid", "malformed arguments", "Calls a tool with arguments that cannot be parsed or do not fit its schema.", {
      include: "The call fails with invalid JSON or a schema error.",
      exclude: "Valid arguments with wrong values: tool.args-wrong.",
      spans: ["function"],
    }),
    code("tool.not-found", "tool not there", "Calls a tool or server that does not exist here.", {
      include: "The error says that the tool or the MCP server was not found.",
      exclude: "The tool exists and fails: sys.tool-error.",
      spans: ["agent", "function", "mcp_tools"],
    }),
    code("tool.output-misread", "misread a result", "Takes something from a correct tool result that it does not say.", {
      include: "The result is right and the next message or action contradicts it.",
      exclude: "A claim with no result behind it: ground.fabricated.",
      spans: ["function", "response", "generation"],
    }),
    code("tool.redundant-or-loop", "repeated calls", "Repeats calls that bring nothing new.", {
      include: "The same call with the same arguments again, or a circle of calls.",
      exclude: "A retry after an error that could pass the second time.",
      spans: ["function", "turn"],
    }),
    code("tool.unsafe-side-effect", "unsafe side effect", "Changes something without the confirmation or check that was required.", {
      include: "A booking, payment, deletion or message sent before the user agreed.",
      exclude: "Reading calls, however many: tool.redundant-or-loop.",
      spans: ["function"],
    }),
    code("handoff.wrong-target", "wrong agent", "Hands over to an agent that is not the one for this.", {
      include: "Another agent that could be reached was the right one.",
      exclude: "No handoff at all: handoff.missing-or-late.",
      spans: ["handoff"],
    }),
    code("handoff.missing-or-late", "no or late handoff", "Should have handed over or escalated and did not, or did too late.", {
      include: "The instructions or the matter called for another agent or a person.",
      exclude: "It handed over, to the wrong one: handoff.wrong-target.",
      spans: ["agent", "handoff"],
    }),
    code("handoff.ping-pong", "handoff ping-pong", "Agents hand the same matter back and forth.", {
      include: "A to B to A with nothing done in between.",
      exclude: "A return after the work was done.",
      spans: ["handoff"],
    }),
    code("handoff.context-lost", "lost in handoff", "The receiving agent lacks facts that the one before it had.", {
      include: "It asks again or assumes wrongly what was said before the handoff.",
      exclude: "One agent forgetting by itself: context.lost.",
      spans: ["handoff", "response", "generation"],
    }),
    code("handoff.multiple", "several handoffs at once", "Asks for more than one handoff in the same turn.", {
      include: "The error says that multiple handoffs were requested.",
      exclude: "Handoffs in turns after one another: handoff.ping-pong.",
      spans: ["handoff", "agent"],
    }),
    code("context.lost", "forgot what was said", "Forgets something from earlier in the conversation.", {
      include: "A fact, promise or choice from an earlier turn is ignored or asked again.",
      exclude: "It was lost between agents: handoff.context-lost.",
      spans: ["response", "generation", "turn"],
    }),
    code("ground.fabricated", "made up", "States as fact what neither the context nor a tool said.", {
      include: "Names, prices, policies, links or results with no source in the trace.",
      exclude: "A source is there and was misread: tool.output-misread.",
      spans: ["response", "generation"],
    }),
    code("verify.missing", "no check", "Ends without a check that the task needed.", {
      include: "A check was possible and necessary, and none was made.",
      exclude: "A check was made that could not find the fault: verify.weak.",
      spans: ["response", "generation"],
    }),
    code("verify.weak", "weak check", "Checks, but in a way that could not have found the fault.", {
      include: "A superficial check is taken as proof.",
      exclude: "No check at all: verify.missing.",
      spans: ["response", "generation"],
    }),
    code("stop.premature", "stopped too early", "Ends before the goal is reached.", {
      include: "Steps that were possible and asked for are left undone.",
      exclude: "It could not go on because of an error: sys.tool-error, sys.model-error.",
      spans: ["response", "generation", "agent"],
    }),
    code("stop.never", "did not stop", "Goes on after the goal is reached or cannot be reached.", {
      include: "The run ends at the limit of turns.",
      exclude: "The same call again and again: tool.redundant-or-loop.",
      spans: ["agent", "turn"],
    }),
    code("guard.false-negative", "guardrail missed", "A guardrail let through what it is there to stop.", {
      include: "The guardrail ran and did not trip.",
      exclude: "No guardrail covers it: the code of what happened.",
      spans: ["guardrail"],
    }),
    code("guard.false-positive", "guardrail tripped wrongly", "A guardrail stopped something harmless.", {
      include: "The guardrail tripped and the input or output was fine.",
      exclude: "It tripped rightly: that is a pass.",
      spans: ["guardrail"],
    }),
    code("format.invalid", "unreadable output", "The output cannot be parsed as what was asked for.", {
      include: "Broken JSON, missing members, text around a structured answer.",
      exclude: "Readable, but against a rule: spec.instruction-violated.",
      spans: ["agent", "response", "generation"],
    }),
    code("style.tone", "tone or language", "Wrong tone, length or language for this user.", {
      include: "The substance is right and the manner is not.",
      exclude: "The manner is a written rule: spec.instruction-violated.",
      spans: ["response", "generation"],
    }),
    code("privacy.leak", "leaked data", "Shows or sends data that this receiver should not have.", {
      include: "Data of another person, internal notes, secrets; in text or in arguments.",
      exclude: "The user's own data, asked for by the user.",
      spans: ["response", "generation", "function"],
    }),
    code("sec.injection-followed", "followed injected orders", "Obeys instructions that came in through content or a tool result.", {
      include: "The next action does what a document, page or result told it to.",
      exclude: "The user asked for it directly: spec.instruction-violated.",
      spans: ["function", "response", "generation"],
    }),
    code("sys.tool-error", "tool failed", "A tool or what stands behind it failed.", {
      include: "Timeouts, crashes, outages; the call itself was right.",
      exclude: "The call was wrong: tool.args-wrong, tool.args-invalid.",
      spans: ["function"],
    }),
    code("sys.model-error", "model failed", "The model call failed or was cut off.", {
      include: "API errors, truncated answers.",
      exclude: "The answer is whole and wrong.",
      spans: ["response", "generation"],
    }),
    code("voice.transcription", "misheard", "Wrong speech recognition caused the failure.", {
      include: "The text differs from what was said, and it mattered.",
      exclude: "Rightly heard and misread: intent.misread.",
      spans: ["transcription"],
    }),
    code("voice.speech", "bad speech", "The speech that came out is wrong, garbled or late.", {
      include: "The text was right and the audio was not.",
      exclude: "The text itself was wrong.",
      spans: ["speech", "speech_group"],
    }),
    code("ok.inefficient", "wasteful path", "Reaches the right result by a wasteful path.", {
      include: "Too many turns, calls or tokens, judged to be worth fixing.",
      exclude: "The same call again and again: tool.redundant-or-loop.",
      spans: ["turn", "task"],
    }),
    code("meta.trace-unusable", "cannot be judged", "The recording does not hold enough to judge.", {
      include: "Missing spans, empty responses, truncated fields.",
      exclude: "Hard to judge, but all there: skip it.",
      spans: ["response", "unknown"],
    }),
    code("meta.other", "something else", "A failure no other code describes.", {
      include: "Say in the note what it was, so that a new code can be made.",
      exclude: "Any other code fits.",
    }),
  ],
  migrations: [],
};
