"""What a participant of a comparison speaks; see ../support/protocol.ts."""
import json
import os
import sys
import time


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def answer(begin, line):
    command, *arguments = line.split()
    if command == "result":
        step = begin(False)
        for _ in range(20):
            found = step()
        return {"numbers": found.ravel().tolist() if hasattr(found, "ravel") else [found]}
    if command == "time":
        step = begin(True)
        since = time.perf_counter()
        for _ in range(int(arguments[0])):
            step()
        return {"milliseconds": (time.perf_counter() - since) * 1e3}
    return {"error": "'result' or 'time N' is understood, not '%s'" % line}


def serve(name, version, threads, begin):
    """Answers until the input ends. `begin` starts anew from the first parameters and gives the step; it is told whether to drop."""
    say({"name": name, "version": version, "threads": threads})
    for line in iter(sys.stdin.readline, ""):
        try:
            say(answer(begin, line))
        except Exception as e:
            say({"error": str(e)})


def absent(name, reason):
    say({"name": name, "absent": reason})
    sys.exit(0)


def read_workload(np, path, name):
    """The workload with its tensors as arrays."""
    with open(path) as file:
        workload = json.load(file)[name]

    def read(t):
        return np.fromfile(os.path.join(os.path.dirname(path), t["file"]), t["dtype"]).reshape(t["shape"])

    params = {path: read(t) for path, t in workload["params"].items()}
    return {**workload, "params": params, "input": read(workload["input"]), "target": read(workload["target"])}
