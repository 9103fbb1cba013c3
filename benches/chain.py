#!/usr/bin/env python3
"""Shows that a chain of sets as deep as a hostile registry likes is solved or refused in time.

    chain.py ANVIL [--length 100000]

Writes a registry in which each set needs the next, and locks a project that needs the first: once where the last set
is there, and once where the last set needs a version that is not. Both are read from the folder and from race/serve.mjs
on the loopback interface (needs node). The exit code is 1 where one takes 30 s or more, or ends otherwise than with a
lock or a clear error.
"""
import argparse, hashlib, base64, json, os, shutil, socket, subprocess, sys, tempfile, time
from contextlib import contextmanager
from pathlib import Path

ap = argparse.ArgumentParser()
ap.add_argument("anvil"); ap.add_argument("--length", type=int, default=100_000)
a = ap.parse_args()
anvil, here = str(Path(a.anvil).resolve()), Path(__file__).resolve().parent
# In memory where that can be: ext4 finds room for a new file slowly after many were removed, as by a run before this.
scratch = Path(tempfile.mkdtemp(prefix="anvil-chain-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
os.environ.update(ANVIL_CACHE_DIR=str(scratch / "cache"), ANVIL_CONFIG_DIR=str(scratch / "config"))
LIMIT = 30


def line(at, needs):
    text = f"deep/s{at}".encode()
    return json.dumps({
        "v": 1, "name": f"deep/s{at}", "version": "1.0.0", "sha256": hashlib.sha256(text).hexdigest(),
        "digest": "h1:" + base64.b64encode(hashlib.sha256(text).digest()).decode(), "size": 1000, "edition": 1,
        "published_at": "2024-01-01T00:00:00Z", "dependencies": needs, "prompts": ["hello"], "yanked": None,
    }) + "\n"


def registry(folder):
    index = folder / "index/deep"
    index.mkdir(parents=True)
    (folder / "anvil-registry.json").write_text('{"format": 1, "id": "chain", "api": null}')
    for at in range(a.length):
        needs = [{"name": f"deep/s{at + 1}", "requirement": "^1.0.0"}] if at + 1 < a.length else []
        (index / f"s{at}.jsonl").write_text(line(at, needs))


@contextmanager
def served(folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(["node", here / "race/serve.mjs", folder, str(port)], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def run(what, place, expected):
    project = scratch / "project"
    shutil.rmtree(project, ignore_errors=True)
    shutil.rmtree(scratch / "cache", ignore_errors=True)
    project.mkdir()
    (project / "anvil.toml").write_text(f'[registries]\ndefault = "{place}"\n\n[dependencies]\n"deep/s0" = "^1"\n')
    start = time.perf_counter()
    child = subprocess.Popen([anvil, "-q", "-C", str(project), "lock"], stderr=subprocess.PIPE, text=True)
    told = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    took, code = time.perf_counter() - start, os.waitstatus_to_exitcode(status)
    child.returncode = code
    wrong = code not in expected or took >= LIMIT or (code != 0 and not told.startswith("error["))
    first = told.splitlines()[0][:90] if told else "a lock"
    print(f"{what:<24} {took:7.1f} s {used.ru_utime + used.ru_stime:7.1f} s cpu {used.ru_maxrss / 1024:7.0f} MiB  exit {code}  {first}{'  WRONG' if wrong else ''}", flush=True)
    return wrong


failed = False
try:
    folder = scratch / "registry"
    registry(folder)
    # Over a network each set is a round trip that nobody can foresee: giving up in time is as good as an answer.
    failed |= run("solvable, folder", folder, [0])
    with served(folder) as url:
        failed |= run("solvable, http", url, [0, 1])
    last = a.length - 1
    (folder / f"index/deep/s{last}.jsonl").write_text(line(last, [{"name": "deep/s0", "requirement": "^2.0.0"}]))
    failed |= run("unsolvable, folder", folder, [1])
    with served(folder) as url:
        failed |= run("unsolvable, http", url, [1])
finally:
    shutil.rmtree(scratch, ignore_errors=True)
sys.exit(failed)
