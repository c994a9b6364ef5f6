"""One worker and two, on a machine whose cores they share with the client."""

from benchmarks import clients, servers, sites
from benchmarks.benches import Bench, Findings
from benchmarks.parts import pages

CONNECTIONS = 8
CHUNK = 60


def run(bench: Bench) -> Findings:
    """The same distinct pages from both, a few at a time in turn."""
    sites.prepare()
    asked, others = bench.draw(bench.stock(), 6 * bench.amounts.pages)
    warm = [pages.request(question) for question in others] * 4
    spent = {1: 0.0, 2: 0.0}
    with servers.serving(bench.site, 1) as (one, _), servers.serving(bench.site, 2) as (two, _):
        ports = {1: one, 2: two}
        for port in ports.values():
            clients.ask_all(port, warm, connections=CONNECTIONS)
        for start in range(0, len(asked), CHUNK):
            chunk = [pages.request(question) for question in asked[start : start + CHUNK]]
            for workers in spent:
                spent[workers] += clients.rate(ports[workers], chunk, connections=CONNECTIONS)
    rates = {str(workers): len(asked) / seconds for workers, seconds in spent.items()}
    return {"pages": len(asked), "pages a second": rates, "ratio": rates["2"] / rates["1"]}
