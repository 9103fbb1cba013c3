# peer.py FOLDER: python-liquid on the prompt that `times FOLDER` wrote there.
import json
import sys
import time
from pathlib import Path

from liquid import Environment

folder = Path(sys.argv[1])
source = (folder / "prompt.liquid").read_text()
values = json.loads((folder / "values.json").read_text())
engine = Environment()
template = engine.from_string(source)
if template.render(**values) != (folder / "expected.txt").read_text():
    sys.exit("python-liquid gives another text than Anvil")


# The minimum of 200 batches of 2 ms or more each, after a second of warming up.
def best(work):
    times = 1

    def batch():
        start = time.perf_counter_ns()
        for _ in range(times):
            work()
        return time.perf_counter_ns() - start

    spent = 0
    while spent < 1e9:
        took = batch()
        spent += took
        if took < 2e6:
            times *= 2
    return min(batch() for _ in range(200)) / times


for what, work in [("parse", lambda: engine.from_string(source)), ("render", lambda: template.render(**values))]:
    print(f"{what}\tpython-liquid\t{best(work):.1f}")
