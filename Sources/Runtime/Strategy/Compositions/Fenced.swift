public import Model

/// Records behind a fence, as a store for a lock that gives tokens.
public struct Fenced<Store: FencedStoreClient & ~Copyable>: StoreClient, ~Copyable {
  private var store: Store
  private let registersReads: Bool

  /// The configuration of the records, and what reads do.
  public struct Configuration: Sendable {
    let store: Store.Configuration
    let registersReads: Bool
  }

  /// Configures the records.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      store: try Store.configure(environment), registersReads: environment.fence == .readAndWrite)
  }

  /// Opens the records.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> Fenced<Store> {
    Fenced(
      store: try await Store.open(configuration.store, worker), registersReads: configuration.registersReads)
  }

  /// Reads; leaves the tokens behind if reads do so and there are any: who shares a lock has none, and only reads.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    if registersReads && attempt.token(0) != 0 {
      try await store.readRegistering(&attempt)
    } else {
      try await store.read(&attempt)
    }
  }

  /// Writes, unless a record has seen a greater token.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    try await store.writeChecking(&attempt)
  }

  /// Replaces the session of the records.
  public mutating func reopen() async throws(SetupFailure) { try await store.reopen() }

  /// Closes the records.
  public consuming func close() async { await store.close() }
}
