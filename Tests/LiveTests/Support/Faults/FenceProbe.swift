import Model
import Runtime

/// What records with a fence must do with tokens that come in any order, asked one after the other by a single worker. An
/// answer that is not the expected one fails the attempt, with its number.
struct FenceProbe<Store: FencedStoreClient & ~Copyable>: Strategy, ~Copyable {
  private var store: Store
  private var asked = 0

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Store.Configuration {
    try Store.configure(environment)
  }

  static func open(
    _ configuration: Store.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FenceProbe<Store> {
    FenceProbe(store: try await Store.open(configuration, worker))
  }

  private init(store: consuming Store) { self.store = store }

  mutating func reopen() async throws(SetupFailure) { try await store.reopen() }
  consuming func close() async { await store.close() }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    try await expectWrite(token: 5, true, &attempt)
    // Lower is refused, equal and higher are taken.
    try await expectWrite(token: 4, false, &attempt)
    try await expectRead(token: 4, false, &attempt)
    try await expectWrite(token: 5, true, &attempt)
    try await expectRead(token: 7, true, &attempt)
    // A read counts, a refusal does not.
    try await expectWrite(token: 6, false, &attempt)
    try await expectWrite(token: 7, true, &attempt)
    if attempt.operation.count > 1 {
      // The last record refuses, so the first must know nothing of the higher token.
      try await expectWrite(token: 9, last: 6, false, &attempt)
      try await expectRead(token: 9, last: 6, false, &attempt)
    }
    try await expectRead(token: 8, true, &attempt)
    guard attempt.decide() == .write else { return .refused }
    try await store.writeChecking(&attempt)
    return .committed
  }

  private mutating func expectRead(
    token: Int64, last: Int64? = nil, _ expected: Bool, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    grant(token, last, attempt)
    var isAllowed = true
    do throws(AttemptFailure) { try await store.readRegistering(&attempt) } catch {
      if error != .leaseLost { throw error }
      isAllowed = false
    }
    try judge(isAllowed, expected, attempt)
  }

  /// Writes what is there, or, when it must be refused, something else.
  private mutating func expectWrite(
    token: Int64, last: Int64? = nil, _ expected: Bool, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    try await store.read(&attempt)
    if !expected {
      for index in 0..<attempt.operation.count { attempt.values[index] = -77 }
    }
    grant(token, last, attempt)
    var isAllowed = true
    do throws(AttemptFailure) { try await store.writeChecking(&attempt) } catch {
      if error != .leaseLost { throw error }
      isAllowed = false
    }
    try judge(isAllowed, expected, attempt)
  }

  private func grant(_ token: Int64, _ last: Int64?, _ attempt: Attempt) {
    let operation = attempt.operation
    for index in 0..<operation.count { attempt.granted(operation[index].lock, token: token) }
    if let last { attempt.granted(operation[operation.count - 1].lock, token: last) }
  }

  private mutating func judge(_ isAllowed: Bool, _ expected: Bool, _ attempt: Attempt) throws(AttemptFailure) {
    asked += 1
    guard isAllowed != expected else { return }
    attempt.note(error: "request \(asked): \(isAllowed ? "taken" : "refused")")
    throw .error
  }
}
