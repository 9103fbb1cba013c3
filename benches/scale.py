#!/usr/bin/env python3
"""Shows how the cost of a warm `anvil lock` grows with the graph.

    scale.py ANVIL [--runs 7] [--sizes 500x20,1000x20,2000x20,5000x20,5000x50]

The graphs are of the family of race/graph.py (SETSxVERSIONS each), served on the loopback interface by race/serve.mjs
(needs node). Each is locked once with an empty cache, and then with a full one and no lock: of those runs the least
wall time, the least user+sys time and the largest resident memory count. The last column is that user+sys time over
n log2 n, where n is the number of versions, against the first row's: above 1 it grows faster.

The exit code is 1 where it grows faster (by more than the noise, 25 %), or where the last size takes a second or more,
or 300 MiB or more.
"""
import argparse, math, os, re, shutil, socket, subprocess, sys, tempfile, time
from pathlib import Path

ap = argparse.ArgumentParser()
ap.add_argument("anvil"); ap.add_argument("--runs", type=int, default=7)
ap.add_argument("--sizes", default="500x20,1000x20,2000x20,5000x20,5000x50")
a = ap.parse_args()
anvil, here = str(Path(a.anvil).resolve()), Path(__file__).resolve().parent
scratch = Path(tempfile.mkdtemp(prefix="anvil-scale-"))
os.environ.update(ANVIL_CACHE_DIR=str(scratch / "cache"), ANVIL_CONFIG_DIR=str(scratch / "config"))


def lock(project):
    """Runs `anvil lock` and returns wall time and user+sys time in milliseconds, and the memory in MiB."""
    (project / "anvil.lock").unlink(missing_ok=True)
    start = time.perf_counter()
    child = subprocess.Popen([anvil, "-q", "-C", str(project), "lock"])
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"`anvil lock` failed in {project}")
    return wall * 1e3, (used.ru_utime + used.ru_stime) * 1e3, used.ru_maxrss / 1024


def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


print(f"{'graph':>10} {'versions':>9} {'locked':>7} {'cold ms':>9} {'warm ms':>9} {'user+sys':>9} {'MiB':>7} {'/ n log n':>10}")
first, failed = None, False
try:
    for size in a.sizes.split(","):
        sets, versions = map(int, size.split("x"))
        graph, at = scratch / size, port()
        subprocess.run([sys.executable, here / "race/graph.py", graph, "--sets", str(sets), "--versions", str(versions), "--base", f"http://127.0.0.1:{at}", "--index-only"], check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(["node", here / "race/serve.mjs", graph, str(at)], stdout=subprocess.DEVNULL)
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", at), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            project = graph / "proj/anvil"
            cold, _, _ = lock(project)
            runs = [lock(project) for _ in range(a.runs)]
            locked = len(re.findall(r"^\[\[set\]\]$", (project / "anvil.lock").read_text(), re.M))
        finally:
            server.terminate()
            server.wait()
        wall, cpu, memory = min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs)
        n = sets * versions
        cost = cpu / (n * math.log2(n))
        first = first or cost
        over = cost / first > 1.25
        failed |= over
        print(f"{size:>10} {n:>9} {locked:>7} {cold:>9.0f} {wall:>9.1f} {cpu:>9.1f} {memory:>7.1f} {cost / first:>10.2f}{'  OVER' if over else ''}", flush=True)
        shutil.rmtree(graph)
        shutil.rmtree(scratch / "cache", ignore_errors=True)
    if wall >= 1000 or memory >= 300:
        print(f"OVER: {size} takes {wall:.0f} ms and {memory:.0f} MiB; a second and 300 MiB are allowed")
        failed = True
finally:
    shutil.rmtree(scratch, ignore_errors=True)
sys.exit(failed)
