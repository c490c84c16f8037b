"""How the adapters of locks in Redis connect: with the defaults of redis-py, or with --no-retries without its retries."""

import sys

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

RETRIES = "none" if "--no-retries" in sys.argv else "library"
LOST_CONNECTION = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError)


def connect(url):
    further = {"retry": Retry(NoBackoff(), 0)} if RETRIES == "none" else {}
    return redis.Redis.from_url(url, **further)
