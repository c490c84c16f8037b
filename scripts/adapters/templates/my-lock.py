#!/usr/bin/env python3
"""A lock for contend: copy this file and put your library into acquire() and release().

As it stands it is a real lock between processes of one machine: byte number `key` of one file (fcntl).
"""
import fcntl
import json
import os
import sys
import tempfile
import time

if "CONTEND_ADAPTER" not in os.environ:
    sys.exit("contend starts this program")
requests, replies = open(3), open(4, "w")
setting = {}  # what `configure` said: services, namespace, options
lock_file = open(os.path.join(tempfile.gettempdir(), "my-lock.lock"), "w")


def open_worker():
    """Connect here, to setting["services"]["redis"] for example. Nothing measures how long it takes."""


def acquire(key, wait, ttl):
    """Whether the lock is held now; waits at most `wait` seconds. Every name on a server begins with the namespace."""
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.lockf(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, key)
            return True
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.001)


def release(key):
    """"released", or "lost" if your library tells that it was not held any more, or "unknown" if it cannot tell."""
    fcntl.lockf(lock_file, fcntl.LOCK_UN, 1, key)
    return "released"


def answer(request):
    kind = request["type"]
    if kind == "hello":
        return {"type": "hello", "version": 1, "name": "my lock", "library": "fcntl", "library_version": "1",
                "role": "lock", "lease": "none", "concurrency": "one", "max_workers": 1, "retries": "none"}
    if kind == "configure":
        setting.update(request)
        return {"type": "ok"}
    if kind == "open":
        open_worker()
        return {"type": "opened"}
    if kind == "acquire":
        held = acquire(request["key"], request["wait_ms"] / 1000, request["ttl_ms"] / 1000)
        return {"type": "granted" if held else "not_acquired"}
    if kind == "release":
        return {"type": release(request["key"])}
    return {"type": {"ping": "pong", "close": "ok", "cancel": "ok"}.get(kind, "unsupported")}


for line in requests:
    request = json.loads(line)
    if request["type"] == "bye":
        break
    try:
        reply = answer(request)
    except Exception as error:
        reply = {"type": "error", "message": str(error)}
    print(json.dumps({**reply, "id": request["id"]}), file=replies, flush=True)
