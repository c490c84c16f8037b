#!/usr/bin/env python3
"""A lock that is a lock on a file (flock): a program for contend's strategies `external`, without any library.

It holds as long as its process lives and not a moment longer, and has no lease that could end before the work does.
"""
import fcntl, json, os, tempfile, time

requests, replies = open(3, "rb", closefd=False), open(4, "wb", buffering=0, closefd=False)
held, settings = {}, {}


def acquire(request):
    path = os.path.join(tempfile.gettempdir(), f"{settings['namespace']}-{request['key']}.lock")
    deadline = time.monotonic() + request["wait_ms"] / 1000
    while True:
        file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who held it has removed the file, and others lock the next one.
            if os.path.exists(path) and os.path.samestat(os.fstat(file), os.stat(path)):
                held[request["key"]] = (file, path)
                return {"type": "granted"}
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(file)
        if time.monotonic() > deadline:
            return {"type": "not_acquired"}
        time.sleep(0.001)


def release(request):
    file, path = held.pop(request["key"])
    os.unlink(path)
    os.close(file)
    return {"type": "released"}


def configure(request):
    settings.update(request)
    return {"type": "ok"}


HELLO = {"type": "hello", "version": 1, "name": "flock", "role": "lock", "lease": "session", "concurrency": "one"}
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
