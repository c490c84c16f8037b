internal import Checking
internal import Model
internal import Runtime

/// Counts who is at work at the same time, in Redis and apart from the permits: a hash of workers, each with the moment
/// until which its permit lasts, and a hash with what was seen.
///
/// A worker that was killed is at work until its permit has expired, for the semaphore knows no better.
struct PermitMeter: Sendable {
  private let worker: Int64
  private let running: KeyPrefix
  private let meter: KeyPrefix

  init(_ worker: WorkerContext, _ configuration: RedisConfiguration) {
    self.worker = Int64(worker.index)
    running = configuration.running
    meter = KeyPrefix(Self.key(configuration.namespace))
  }

  /// The hash with what was seen.
  static func key(_ namespace: String) -> String { namespace + ":permit-meter" }

  /// From now on the worker is at work.
  func appendEntry<Form>(_ key: Int32, _ settings: PermitLock<Form>.Settings, to request: inout RequestBuffer) {
    request.clear()
    request.command(words: 8)
    request.append("EVAL")
    request.append(PermitScripts.enter)
    request.append(2)
    request.append(running, key)
    request.append(meter.bytes)
    request.append(worker)
    request.append(settings.limit)
    request.append(settings.ttlMilliseconds)
  }

  /// It is no longer.
  func appendExit(_ key: Int32, to request: inout RequestBuffer) {
    request.command(words: 3)
    request.append("HDEL")
    request.append(running, key)
    request.append(worker)
  }

  /// What was seen, for the checker.
  static let aftermath = Aftermath(judgedBy: [PermitLimit()]) { environment throws(SetupFailure) in
    let connection = try AdministrationConnection.open(RedisAddress(url: environment.endpoint("redis")))
    let elements = try connection.command(["HGETALL", key(environment.namespace)]).elements
    var seen: [String: Int64] = [:]
    for index in stride(from: 0, to: elements.count - 1, by: 2) {
      if let name = elements[index].text { seen[name] = elements[index + 1].text.flatMap { Int64($0) } }
    }
    var remains = Remains()
    let limit = Int64(environment.options.integer("limit"))
    remains[PermitLimit.question] = [[limit, seen["grants"] ?? 0, seen["above"] ?? 0, seen["peak"] ?? 0]]
    return remains
  }
}

/// The scripts of semaphores. Each runs `EXISTS` once, and otherwise nothing that the server's counts are compared by.
enum PermitScripts {
  /// Of the permits: limit, how long a permit lasts in milliseconds, its token.
  static let take: StaticString = """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now) end
    if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
    redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return 1
    """
  /// Of those at work and of the meter: worker, limit, for how long in milliseconds.
  static let enter: StaticString = """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('HSET', KEYS[1], ARGV[1], now + ARGV[3])
    local running = 0
    for _, till in ipairs(redis.call('HVALS', KEYS[1])) do
      if tonumber(till) > now then running = running + 1 end
    end
    if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('HSET', KEYS[2], 'peak', 0) end
    redis.call('HINCRBY', KEYS[2], 'grants', 1)
    if running > tonumber(ARGV[2]) then redis.call('HINCRBY', KEYS[2], 'above', 1) end
    if running > tonumber(redis.call('HGET', KEYS[2], 'peak')) then redis.call('HSET', KEYS[2], 'peak', running) end
    return running
    """
}
