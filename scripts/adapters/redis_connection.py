"""How the adapters of locks in Redis connect: with the defaults of redis-py, or with --no-retries without its retries.

`Redis(...)` tries a command again up to ten times, `Redis.from_url(...)` of the same release not once.
"""

import sys

import redis
from redis.connection import parse_url

RETRIES = "none" if "--no-retries" in sys.argv else "library"
LOST_CONNECTION = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError)


def connect(url):
    if RETRIES == "none":
        return redis.Redis.from_url(url)
    place = parse_url(url)
    place.pop("connection_class", None)
    if "path" in place:
        place["unix_socket_path"] = place.pop("path")
    return redis.Redis(**place)
