"""Record OpenAI Agents SDK traces in a file that `casebook pull` reads. One file, standard library only: copy it.

    from agents import add_trace_processor
    from casebook_recorder import CasebookRecorder

    add_trace_processor(CasebookRecorder("traces.jsonl"))        # beside OpenAI's exporter
    # set_trace_processors([CasebookRecorder("traces.jsonl")])   # instead of it

The SDK's own export of a response span holds only an id; this keeps what went into the model and what came out
(`_input`, `_response`), and tool outputs that are no text (`_output_json`; the export holds their repr). A record is written
when a span ends, so a run that raises is recorded too. The file is readable by its owner only; the tracing key is never
written; nothing here raises into the app (the first failure is told on stderr, the rest are counted). With
trace_include_sensitive_data=False the SDK withholds the content, and so does the recording.
"""

import json
import os
import sys
import threading
from datetime import datetime, timezone

try:
    from agents.tracing import TracingProcessor
except ImportError:  # an older SDK
    from agents.tracing.processor_interface import TracingProcessor

__all__ = ["CasebookRecorder"]


class CasebookRecorder(TracingProcessor):
    """Appends every trace and span to a JSONL file.

    redact: sees a copy of each record and returns what to write instead; None drops it. If it raises, the record is
        dropped: it is never written unredacted.
    daily: a file per day (UTC), traces-2026-11-22.jsonl.
    max_bytes: a file is left for the next one, traces.2.jsonl, once it holds this many bytes.
    """

    def __init__(self, path, *, redact=None, daily=False, max_bytes=None):
        self._path = os.fspath(path)
        self._redact = redact
        self._daily = daily
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._fd = None
        self._opened = None
        self._day, self._part = "", 1
        self._torn = False
        self.written = self.dropped = self.failed = 0

    def on_trace_start(self, trace):
        self._guard(lambda: self._keep(trace.export()))

    def on_trace_end(self, trace):
        pass

    def on_span_start(self, span):
        pass

    def on_span_end(self, span):
        self._guard(lambda: self._keep(_with_content(span)))

    def force_flush(self):
        self._guard(self._sync)

    def shutdown(self):
        self._guard(self._close)

    def _guard(self, work):
        try:
            work()
        except Exception as error:  # whatever happens, the app goes on
            with self._lock:
                self.failed += 1
                first = self.failed == 1
            if first:
                _warn(error)

    def _keep(self, record):
        if not record:  # tracing is disabled
            return
        record = {key: value for key, value in record.items() if key != "tracing_api_key"}
        line = _line(record)
        if self._redact is not None:
            record = self._redact(json.loads(line))
            if record is None:
                with self._lock:
                    self.dropped += 1
                return
            if not isinstance(record, dict):
                raise TypeError("redact must return a dict or None")
            line = _line(record)
        with self._lock:
            self._append(line)
            self.written += 1

    def _append(self, line):
        fd = self._current()
        data = (("\n" if self._torn else "") + line + "\n").encode("ascii")
        self._torn = True
        while data:  # one write, unless the disk is full
            data = data[os.write(fd, data) :]
        self._torn = False

    def _current(self):
        day = datetime.now(timezone.utc).strftime("-%Y-%m-%d") if self._daily else ""
        if day != self._day:
            self._day, self._part = day, 1
        stem, end = os.path.splitext(self._path)
        while True:
            fd = self._open(stem + day + ("" if self._part == 1 else ".%d" % self._part) + end)
            if self._max_bytes is None or os.fstat(fd).st_size < self._max_bytes:
                return fd
            self._part += 1

    def _open(self, name):
        if self._fd is not None and self._opened == name:
            return self._fd
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
        folder = os.path.dirname(name)
        if folder:
            os.makedirs(folder, mode=0o700, exist_ok=True)
        fd = os.open(name, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
        self._fd, self._opened = fd, name
        try:
            if os.fstat(fd).st_mode & 0o077:
                os.fchmod(fd, 0o600)
        except (OSError, AttributeError):
            pass
        size = os.fstat(fd).st_size
        self._torn = size > 0 and _last_byte(fd, size) != b"\n"
        return fd

    def _sync(self):
        with self._lock:
            if self._fd is not None:
                os.fsync(self._fd)

    def _close(self):
        with self._lock:
            if self._fd is not None:
                os.fsync(self._fd)
                os.close(self._fd)
                self._fd = None


def _with_content(span):
    """The exported span, and what the export leaves out."""
    record = span.export()
    data = span.span_data
    if not record or not isinstance(record.get("span_data"), dict):
        return record
    extra = {}
    if data.type == "response":
        if getattr(data, "input", None) is not None:
            extra["_input"] = data.input
        if getattr(data, "response", None) is not None:
            extra["_response"] = data.response
    elif data.type == "function":
        output = getattr(data, "output", None)
        if output is not None and not isinstance(output, str):
            extra["_output_json"] = output
    return {**record, "span_data": {**record["span_data"], **extra}} if extra else record


def _line(record):
    # ASCII: half a surrogate pair survives, and no reader splits the line at an exotic separator.
    return json.dumps(_plain(record, ()), ensure_ascii=True, allow_nan=False)


def _plain(value, above):
    """The value as JSON can hold it: models dumped, keys text, cycles and non-finite numbers named."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):  # enums of text too
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if id(value) in above:
        return "[circular]"
    above = above + (id(value),)
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): _plain(item, above) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item, above) for item in value]
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        try:
            dumped = dump(mode="json", warnings=False)
        except TypeError:
            dumped = dump()
        return _plain(dumped, above)
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name, None), above) for name in value.__dataclass_fields__}
    return str(value)


def _last_byte(fd, size):
    position = os.lseek(fd, 0, os.SEEK_CUR)
    os.lseek(fd, size - 1, os.SEEK_SET)
    last = os.read(fd, 1)
    os.lseek(fd, position, os.SEEK_SET)
    return last


def _warn(error):
    """Says that something failed, never what was recorded: an error's message may quote it."""
    try:
        sys.stderr.write(
            "casebook recorder: a record was not written (%s); further failures are only counted.\n" % type(error).__name__
        )
    except Exception:
        pass
