/// What the driver and its sweeper tell each other, in frames.
enum SweepMessage: Sendable, Codable {
  /// Driver: what to remove once it is gone: everything of a namespace, from servers by name of service and URL.
  case watch(driver: Int32, namespace: String, servers: [String: String])
  /// Sweeper: it stands by; what is made from now on will be removed.
  case ready
  /// Driver: it has removed everything by itself.
  case dismissed
}
