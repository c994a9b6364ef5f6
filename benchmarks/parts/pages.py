"""The search page against a page that says hello, on the same server."""

from urllib.parse import urlencode

from benchmarks import clients, servers, sites
from benchmarks.benches import Bench, Findings, say
from benchmarks.clients import Request
from benchmarks.questions import Question

CHUNK = 40
HELLOS = 200  # for each chunk of pages
KINDS = ("filters", "word", "word and status", "circle and method", "narrow", "common word")
IN_A_CIRCLE = {"circle and method", "narrow"}
Chunk = list[Request]


def run(bench: Bench) -> Findings:
    """Distinct pages, a few at a time, in turn with as many hellos."""
    sites.prepare()
    asked, others = bench.draw(bench.stock(), 11 * bench.amounts.pages)
    findings: Findings = {}
    with servers.serving(bench.site) as (port, _), servers.saying_hello(bench.site) as hello:
        clients.ask_all(port, [request(question) for question in others])
        clients.ask_all(hello, [("/", {})] * 200)
        for kind in KINDS:
            questions = [question for question in asked if question.kind == kind][: bench.amounts.pages]
            findings[kind] = _measure(port, hello, questions)
            say(f"{kind}: {findings[kind]['new']:.1f}x")
    return {"kinds": findings, "connections": clients.CONNECTIONS}


def request(question: Question, *, backwards: bool = False, **headers: str) -> Request:
    """The page of a question. Backwards it is the same search under another address."""
    pairs = question.parameters[::-1] if backwards else question.parameters
    path = "/practitioners" + (f"?{urlencode(pairs)}" if pairs else "")
    return path + ("&" if backwards and len(pairs) == 1 else ""), headers


def _measure(port: int, hello: int, questions: list[Question]) -> Findings:
    """How many times longer than hello the page takes: shown first, shown again, not changed since."""
    new = [request(question) for question in questions]
    again = [request(question, backwards=True) for question in questions]
    found: Findings = {"n": len(questions), "circle": questions[0].criteria.in_circle}
    found["new"], found["milliseconds"], found["hello milliseconds"] = _times_hello(port, hello, _chunks(new))
    found["again"], found["milliseconds again"], _ = _times_hello(port, hello, _chunks(again))
    marks = [clients.ask(port, path).headers.get("etag") for path, _ in new]
    if all(marks):
        known = [(path, {"If-None-Match": mark or ""}) for (path, _), mark in zip(new, marks, strict=True)]
        found["not modified"], found["milliseconds not modified"], _ = _times_hello(port, hello, _as_many(known), 304)
    return found


def _chunks(requests: list[Request]) -> list[Chunk]:
    return [requests[start : start + CHUNK] for start in range(0, len(requests), CHUNK)]


def _as_many(requests: list[Request]) -> list[Chunk]:
    """As many in each chunk as there are hellos: what is as quick as they are must not pay more for its connections."""
    return [(chunk * HELLOS)[:HELLOS] for chunk in _chunks(requests)]


def _times_hello(port: int, hello: int, chunks: list[Chunk], wanted: int = 200) -> tuple[float, float, float]:
    """How many times longer a page takes, and milliseconds of a page and of a hello, the server being busy."""
    ours = theirs = 0.0
    for chunk in chunks:
        ours += clients.rate(port, chunk, wanted)
        theirs += clients.rate(hello, [("/", {})] * HELLOS)
    page = ours / sum(map(len, chunks)) * 1000
    bare = theirs / (HELLOS * len(chunks)) * 1000
    return page / bare, page, bare
