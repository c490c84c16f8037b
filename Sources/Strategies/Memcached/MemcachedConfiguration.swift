#if Memcached
internal import Model
internal import Runtime

/// What all workers of a process share: where the server is, and how the keys of the run are called.
struct MemcachedConfiguration: Sendable {
  let address: MemcachedAddress
  /// `<namespace>:`, before the number of a record.
  let records: KeyPrefix
  /// `<namespace>:lock:`, before the number of the record that is locked.
  let locks: KeyPrefix

  init(_ environment: StrategyEnvironment) throws(SetupFailure) {
    address = try MemcachedAddress(url: environment.endpoint("memcached"))
    records = KeyPrefix(Self.recordPrefix(environment.namespace))
    locks = KeyPrefix(Self.lockPrefix(environment.namespace))
  }

  static func recordPrefix(_ namespace: String) -> String { namespace + ":" }
  static func lockPrefix(_ namespace: String) -> String { namespace + ":lock:" }
}
#endif
