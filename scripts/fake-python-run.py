"""A run of a Python agent as the SDK would report it to its processors: for the Python guide, without the SDK.

usage: fake-python-run.py RECORDER_FOLDER OUTPUT
"""

import sys
import types

# The one class of the SDK that the recorder is built on.
tracing = types.ModuleType("agents.tracing")
tracing.TracingProcessor = object
sys.modules["agents"] = types.ModuleType("agents")
sys.modules["agents.tracing"] = tracing
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True

from casebook_recorder import CasebookRecorder  # noqa: E402

TRACE = "trace_3f1c9a7be2d04586a1b7c8d9e0f12a34"


class Trace:
    def export(self):
        return {"object": "trace", "id": TRACE, "workflow_name": "Billing", "group_id": "chat_81", "metadata": None}


class Data:
    def __init__(self, type, **members):
        self.type = type
        self.__dict__.update(members)


class Span:
    def __init__(self, number, parent, start, end, exported, data=None, error=None):
        self.span_data = data or Data(exported["type"])
        ident = lambda n: None if n is None else "span_" + f"{(n * 0x9E3779B97F4A7C15F39CC060) % 16**24:024x}"
        when = lambda s: f"2026-11-20T09:15:{s:09.6f}+00:00"
        self.exported = {
            "object": "trace.span", "id": ident(number), "trace_id": TRACE, "parent_id": ident(parent),
            "started_at": when(start), "ended_at": when(end), "span_data": exported, "error": error,
        }

    def export(self):
        return self.exported


def response(number, parent, start, end, items, output):
    ident = f"resp_{(number * 0xD1B54A32D192ED03) % 16**40:040x}"
    body = {
        "id": ident, "object": "response", "model": "gpt-4.1", "instructions": "You handle billing.", "output": output,
        "tools": [{"type": "function", "name": "issue_refund", "parameters": {"type": "object", "properties": {"invoice_id": {"type": "string"}}}}],
        "usage": {"input_tokens": 120, "output_tokens": 20, "total_tokens": 140},
    }
    return Span(number, parent, start, end, {"type": "response", "response_id": ident}, Data("response", input=items, response=body))


recorder = CasebookRecorder(sys.argv[2])
recorder.on_trace_start(Trace())
user = {"role": "user", "content": "I was charged twice, please sort it out. Priya Nair, priya.nair@example.com"}
call = {"type": "function_call", "call_id": "call_1", "name": "issue_refund", "arguments": '{"invoice_id":"INV-2044"}'}
result = {"invoice_id": "INV-2044", "refunded": True, "email": "priya.nair@example.com"}
said = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done, I have refunded invoice INV-2044."}]}
told = {"type": "function_call_output", "call_id": "call_1", "output": str(result)}
for span in [
    response(4, 3, 0.1, 0.9, [user], [call]),
    Span(5, 3, 1.0, 1.1, {"type": "function", "name": "issue_refund", "input": call["arguments"], "output": str(result), "mcp_data": None}, Data("function", output=result)),
    Span(3, 2, 0.05, 1.2, {"type": "custom", "name": "turn", "data": {"sdk_span_type": "turn", "turn": 1, "agent_name": "Billing agent"}}),
    response(7, 6, 1.3, 2.0, [user, call, told], [said]),
    Span(6, 2, 1.25, 2.1, {"type": "custom", "name": "turn", "data": {"sdk_span_type": "turn", "turn": 2, "agent_name": "Billing agent"}}),
    Span(2, 1, 0.02, 2.2, {"type": "agent", "name": "Billing agent", "handoffs": [], "tools": ["issue_refund"], "output_type": "str"}),
    Span(1, None, 0.01, 2.3, {"type": "custom", "name": "task", "data": {"sdk_span_type": "task", "name": "Billing"}}),
]:
    recorder.on_span_end(span)
recorder.shutdown()
