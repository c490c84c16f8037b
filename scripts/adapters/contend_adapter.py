"""The loop of an adapter: requests of contend on descriptor 3, replies on descriptor 4, one JSON object a line.

An adapter calls `environment`, imports its library, and gives a class to `run`: a `Lock` or a `Records`. There is one
object of it for each worker, and one thread, in which all its methods run.
"""

import faulthandler
import json
import os
import queue
import signal
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def environment(name):
    """Goes on in a Python environment that `scripts/setup --adapters` makes; returns when the program runs in it."""
    folder = os.path.join(ROOT, ".build", "adapters", name)
    if os.path.realpath(sys.prefix) == os.path.realpath(folder):
        return
    if not os.path.exists(os.path.join(folder, "complete")):
        print(f"{os.path.basename(sys.argv[0])} needs libraries that are not installed: run scripts/setup --adapters",
              file=sys.stderr)
        sys.exit(69)
    python = os.path.join(folder, "bin", "python")
    os.execv(python, [python, "-B", os.path.abspath(sys.argv[0]), *sys.argv[1:]])


class Answer(Exception):
    """Ends a request with a reply of that type: `lost`, `unknown`, `refused`, `conflict`, ..."""


class Setting:
    """What `configure` says: addresses of services by name, the prefix of all names, options, times in seconds."""

    def __init__(self, request):
        self.services = request.get("services") or {}
        self.namespace = request.get("namespace", "contend")
        self.options = request.get("options") or {}
        self.ttl = request.get("ttl_ms", 3000) / 1000
        self.wait = request.get("wait_ms", 10000) / 1000

    def service(self, name):
        if name not in self.services:
            raise ValueError(f"the strategy names no service {name}: add services: [{name}]")
        return self.services[name]

    def hosts(self, name):
        """Of a URL `scheme://host:port,...` what follows the scheme."""
        return self.service(name).split("://")[-1].rstrip("/")


class Lock:
    """A worker of an adapter that is a lock. Its constructor connects; so long a reply to `open` takes."""

    role = "lock"
    name = library = library_version = ""
    lease, concurrency, retries, fencing, shared, max_workers = "ttl", "threads", "none", False, False, 8
    # Exceptions that say that a connection was lost, so that nobody knows what the server did.
    lost_connection = ()

    def __init__(self, setting, worker):
        self.setting, self.worker = setting, worker

    def acquire(self, name, wait, ttl):
        """True or a fencing token when the lock is held, else False. Waits at most so many seconds."""
        raise NotImplementedError

    def release(self, name):
        """Gives it back. Raises `Answer("lost")` when it was not held any more, as far as the library tells."""
        raise NotImplementedError

    def close(self):
        """Disconnects."""

    def lock_name(self, request):
        return f"{self.setting.namespace}-{request['key']}"

    def handle(self, request):
        kind = request["type"]
        try:
            if kind == "release":
                self.release(self.lock_name(request))
                return {"type": "released"}
            held = self.acquire(
                self.lock_name(request), request.get("wait_ms", 10000) / 1000, request.get("ttl_ms", 3000) / 1000)
        except self.lost_connection:
            return {"type": "unknown" if kind == "release" else "connection_lost"}
        if not held:
            return {"type": "not_acquired"}
        return {"type": "granted"} if held is True else {"type": "granted", "token": held}


class Records:
    """A worker of an adapter that carries out whole operations over the table `records` of the store."""

    role = "operations"
    name = library = library_version = ""
    lease, concurrency, retries, fencing, shared, max_workers = "none", "threads", "none", False, False, 8

    def __init__(self, setting, worker):
        self.setting, self.worker = setting, worker

    def perform(self, steps, hold):
        """One attempt: reads the records, `decide`s, sleeps `hold` seconds, writes. The values, one for each step."""
        raise NotImplementedError

    def close(self):
        """Disconnects."""

    def handle(self, request):
        return {"type": "committed", "values": self.perform(request["steps"], request.get("hold_us", 0) / 1e6)}


def decide(steps, found):
    """The values of the steps after the operation, from those before it; raises `Answer("refused")`."""
    values = []
    for step, value in zip(steps, found):
        effect, token = step["effect"], step.get("token")
        if effect == "add":
            value += step["amount"]
            if step.get("bound") is not None and value < step["bound"]:
                raise Answer("refused")
        elif effect != "read":
            if value != (token if effect == "release" else 0):
                raise Answer("refused")
            value = token if effect == "claim" else 0
        values.append(value)
    return values


def writes(step):
    return step["effect"] in ("add", "claim", "release")


def of_sqlstate(state):
    """The reply to an attempt that a server ended with an error, None for a plain failure."""
    return {"40001": "conflict", "40P01": "deadlock", "55P03": "lock_timeout"}.get(state)


class Loop:
    """Reads requests until `bye` or the end of the pipe. Each worker's requests are carried out in its own thread."""

    def __init__(self, kind):
        self.kind, self.setting, self.queues = kind, None, {}
        self.writing, self.open_requests = threading.Lock(), {}

    def send(self, message):
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        with self.writing:
            while line:
                line = line[os.write(4, line):]

    def answer(self, request, reply):
        """Sends the one reply to a request of a worker; False if it was answered when it was cancelled."""
        first = self.open_requests.pop(request["id"], None) is not None
        if first:
            self.send({**reply, "id": request["id"]})
        return first

    def carry_out(self, request, action):
        try:
            return action()
        except Answer as answer:
            return {"type": str(answer)}
        except Exception as error:  # whatever a library raises: its text goes to the report
            return {"type": "error", "message": f"{type(error).__name__}: {error}"[:500]}

    def work(self, inbox):
        worker = None

        def open_worker():
            nonlocal worker
            worker = self.kind(self.setting, request["worker"])
            return {"type": "opened"}

        while True:
            request = inbox.get()
            kind = request["type"]
            if kind == "open":
                self.answer(request, self.carry_out(request, open_worker))
            elif kind == "close":
                if worker is not None:
                    self.carry_out(request, worker.close)
                self.answer(request, {"type": "ok"})
                return
            else:
                reply = self.carry_out(request, lambda: worker.handle(request))
                if not self.answer(request, reply) and reply["type"] == "granted":
                    self.carry_out(request, lambda: worker.handle({**request, "type": "release"}))

    def take(self, request):
        kind = request.get("type")
        if kind == "hello":
            names = ("name", "library", "library_version", "role", "shared", "lease", "fencing", "concurrency",
                     "max_workers", "retries")
            self.send({"type": "hello", "id": request["id"], "version": 1,
                       **{name: getattr(self.kind, name) for name in names}})
        elif kind == "configure":
            self.setting = Setting(request)
            self.send({"type": "ok", "id": request["id"]})
        elif kind == "ping":
            self.send({"type": "pong", "id": request["id"]})
        elif kind == "cancel":
            cancelled = self.open_requests.get(request["request"])
            if cancelled:
                self.answer(cancelled, {"type": "not_acquired" if cancelled["type"] == "acquire" else "unknown"})
            self.send({"type": "ok", "id": request["id"]})
        elif kind in ("open", "acquire", "release", "perform", "close"):
            if kind == "open":
                inbox = self.queues[request["worker"]] = queue.SimpleQueue()
                threading.Thread(target=self.work, args=(inbox,), daemon=True).start()
            if request["worker"] not in self.queues:
                message = f"worker {request['worker']} was not opened"
                self.send({"type": "error", "message": message, "id": request["id"]})
                return
            self.open_requests[request["id"]] = request
            self.queues[request["worker"]].put(request)
        else:
            self.send({"type": "unsupported", "id": request.get("id")})

    def run(self):
        with open(3, "rb") as requests:
            for line in requests:
                request = json.loads(line)
                if request.get("type") == "bye":
                    break
                self.take(request)
        os._exit(0)  # threads of libraries do not keep it


def run(kind):
    """Serves contend with workers of a class until it says goodbye."""
    # When contend asks what hangs: the stacks of all threads.
    faulthandler.register(signal.SIGQUIT)
    if "CONTEND_ADAPTER" not in os.environ:
        print("an adapter is started by contend, with requests on descriptor 3 and replies on 4: try 'contend adapter "
              "check' with its path", file=sys.stderr)
        sys.exit(64)
    Loop(kind).run()


def send_event(worker, kind):
    """Tells of something that nobody asked for, such as a session that ended."""
    line = json.dumps({"type": "event", "worker": worker, "kind": kind, "key": 0, "t_ns": time.monotonic_ns()})
    os.write(4, line.encode() + b"\n")
