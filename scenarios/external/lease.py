#!/usr/bin/env python3
"""A lock with a lease, kept in a file: a program for contend's strategies `external`, without any library.

Who holds it longer than the lease has lost it, and learns so when it gives the lock back. Each grant has a number,
greater than the one before, for records that compare them (`fence`).
"""
import fcntl, json, os, shutil, tempfile, time

requests, replies = open(3, "rb", closefd=False), open(4, "wb", buffering=0, closefd=False)
tokens, settings = {}, {}


def change(key, body):
    """Reads (token, end of the lease), writes what body makes of it; nobody else does so meanwhile."""
    path = os.path.join(settings["folder"], str(key))
    with open(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        token, end = json.loads(file.read() or "[0, 0]")
        result, new = body(token, end)
        if new:
            file.seek(0)
            file.truncate()
            file.write(json.dumps(new))
            file.flush()
    return result


def acquire(request):
    key, deadline = request["key"], time.monotonic() + request["wait_ms"] / 1000
    while True:
        now = time.monotonic()
        token = change(key, lambda token, end: (token + 1, [token + 1, now + request["ttl_ms"] / 1000]) if end < now else (None, None))
        if token:
            tokens[key] = token
            return {"type": "granted", "token": token}
        if now > deadline:
            return {"type": "not_acquired"}
        time.sleep(0.001)


def release(request):
    mine, now = tokens.pop(request["key"]), time.monotonic()
    is_mine = change(request["key"], lambda token, end: (True, [token, 0]) if token == mine and end >= now else (False, None))
    return {"type": "released" if is_mine else "lost"}


def configure(request):
    settings["folder"] = os.path.join(tempfile.gettempdir(), request["namespace"] + "-leases")
    os.makedirs(settings["folder"], exist_ok=True)
    # Whoever is the last to go removes the folder.
    settings["users"] = os.open(os.path.join(settings["folder"], "users"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(settings["users"], fcntl.LOCK_SH)
    return {"type": "ok"}


def clean_up():
    try:
        fcntl.flock(settings["users"], fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(settings["folder"], ignore_errors=True)
    except (BlockingIOError, KeyError):
        pass


HELLO = {"type": "hello", "version": 1, "name": "lease in a file", "role": "lock", "lease": "ttl", "fencing": True, "concurrency": "one"}
answers = {
    "hello": lambda request: dict(HELLO), "configure": configure, "open": lambda request: {"type": "opened"},
    "acquire": acquire, "release": release, "ping": lambda request: {"type": "pong"},
    "cancel": lambda request: {"type": "ok"}, "close": lambda request: {"type": "ok"},
}
for line in requests:
    request = json.loads(line)
    if request["type"] == "bye":
        break
    reply = answers.get(request["type"], lambda request: {"type": "unsupported"})(request)
    replies.write(json.dumps({**reply, "id": request["id"]}).encode() + b"\n")
clean_up()
