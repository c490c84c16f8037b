/// Which commands the server ran for the workers, from `INFO commandstats`.
///
/// The server counts the commands within scripts under the same names as those that clients send. Every script of ours
/// runs exactly one of `GET`, `MGET` and `EXISTS`, and otherwise only commands that are not among ``names``, such as
/// `DEL` and `PEXPIRE`, for which workers send `UNLINK` and `EXPIRE`: so the commands that were sent are the sum over
/// ``names`` less one for every run of a script. Workers do not count what they send under a name that scripts use, such as
/// `ZADD`. What belongs to the opening of sessions is not counted on either side.
struct CommandCounts {
  /// The commands that operations of our strategies send, and `EXISTS`.
  static let names: Set<String> = [
    "get", "mget", "set", "mset", "setnx", "expire", "unlink", "watch", "unwatch", "multi", "exec", "evalsha", "eval",
    "subscribe", "unsubscribe", "ping", "exists", "wait",
  ]

  /// Commands sent by clients.
  let sent: Int64

  /// Reads lines such as `cmdstat_get:calls=12,usec=34,usec_per_call=2.8,rejected_calls=0,failed_calls=0`.
  init(commandStatistics: String) {
    var sent: Int64 = 0
    for line in commandStatistics.split(whereSeparator: \.isNewline) where line.hasPrefix("cmdstat_") {
      let parts = line.dropFirst("cmdstat_".count).split(separator: ":", maxSplits: 1)
      guard parts.count == 2, Self.names.contains(String(parts[0])) else { continue }
      let calls = Self.number("calls", in: parts[1])
      sent += calls
      // A call that failed, as with NOSCRIPT, ran no command.
      if parts[0] == "evalsha" || parts[0] == "eval" { sent -= calls - Self.number("failed_calls", in: parts[1]) }
    }
    self.sent = sent
  }

  private static func number(_ name: String, in fields: Substring) -> Int64 {
    for field in fields.split(separator: ",") where field.hasPrefix(name + "=") {
      return Int64(field.dropFirst(name.utf8.count + 1)) ?? 0
    }
    return 0
  }
}
