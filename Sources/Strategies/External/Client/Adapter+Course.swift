internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// How an adapter begins and ends.
extension Adapter {
  /// An interpreter or a virtual machine takes seconds to be there on a busy machine.
  private static let patience: Int64 = 20_000_000_000
  /// How long it may take to end in good order, in milliseconds.
  private static let farewell = 5000

  /// Greets it and tells it what there is.
  ///
  /// - Parameter workers: how many workers share it.
  func begin(_ call: Call, workers: Int, seed: UInt64) async throws(SetupFailure) {
    try await set(call, .hello) { writer in
      writer.append(#","versions":[1],"contend":"1","pid":"#)
      writer.append(Int64(getpid()))
    }
    guard let greeting = Hello(line: hello) else {
      throw refused("has sent a hello that lacks 'version' or 'role', or has them of another kind")
    }
    if let problem = greeting.problem(role: plan.role, workers: workers, needsTokens: plan.needsTokens) {
      throw refused(problem)
    }
    try await set(call, .configure) { [plan] in plan.append(configuration: &$0, seed: seed) }
  }

  /// Opens what a worker needs.
  func open(_ worker: Int64, _ call: Call) async throws(SetupFailure) {
    try await set(call, .open) { $0.append(worker: worker) }
  }

  /// Opens it again.
  func reopen(_ worker: Int64, _ call: Call) async throws(SetupFailure) {
    _ = await ask(call, .close, patience: Self.patience) { $0.append(worker: worker) }
    try await open(worker, call)
  }

  private func set(
    _ call: Call, _ kind: RequestKind, _ compose: (inout LineWriter) -> Void
  ) async throws(SetupFailure) {
    guard case .reply = await ask(call, kind, patience: Self.patience, compose) else {
      throw failure ?? SetupFailure("\(name) has gone")
    }
    switch call.reply.kind {
    case .error: throw SetupFailure("\(name) cannot \(kind.name): \(call.reply.message ?? "no reason given")")
    case .unsupported: throw refused("does not know '\(kind.name)'")
    default: return
    }
  }

  /// Ends it, because it is not what the scenario needs.
  private func refused(_ why: String) -> SetupFailure {
    isEnding = true
    program.kill()
    return SetupFailure("\(name) \(why)")
  }

  /// Ends it in good order, or else not, and everything that it has left behind.
  func end() async {
    isEnding = true
    tell(.bye)
    var left = Self.farewell
    while !program.hasEnded() && left > 0 && failure == nil {
      await loop.sleep(nanoseconds: 2_000_000)
      left -= 2
    }
    program.kill()
    Leftovers.end(marked: program.marker)
    close()
  }
}
