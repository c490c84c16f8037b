internal import Model

/// The keys of messages: a stream `<namespace>:messages:<service>` for each service, and a stream
/// `<namespace>:dead-letters:<service>`.
struct StreamKeys: Sendable {
  let messages: KeyPrefix
  let deadLetters: KeyPrefix

  init(_ namespace: String) {
    messages = KeyPrefix(Self.messages(namespace))
    deadLetters = KeyPrefix(Self.deadLetters(namespace))
  }

  private static func messages(_ namespace: String) -> String { namespace + ":messages:" }
  private static func deadLetters(_ namespace: String) -> String { namespace + ":dead-letters:" }

  /// All streams of a run.
  static func all(_ namespace: String) -> [String] {
    (0..<ShardedStore.maximumShards).flatMap { [messages(namespace) + "\($0)", deadLetters(namespace) + "\($0)"] }
  }
}
