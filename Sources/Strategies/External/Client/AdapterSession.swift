internal import Model
internal import Runtime

/// A program that the workers of a thread share, or are about to.
final class AdapterHolder: @unchecked Sendable {  // because it is used on the thread of one loop only
  var adapter: Adapter?
  /// Its workers.
  var users = 0
  /// Whether it is ready, or why it never will be; nil while it is greeted.
  var beginning: Result<Void, SetupFailure>?
}

/// What a worker has of a program: of one of its own, or of one that it shares.
struct AdapterSession {
  let adapter: Adapter
  let call: Call
  let worker: Int64
  private let holder: AdapterHolder

  /// Starts the program, or finds it running, and opens what the worker needs.
  init(_ plan: AdapterPlan, _ worker: WorkerContext) async throws(SetupFailure) {
    self.worker = Int64(worker.index)
    call = Call(on: worker.loop)
    holder = plan.isShared ? plan.adapters.value(of: worker.loop) { AdapterHolder() } : AdapterHolder()
    holder.users += 1
    if let known = holder.adapter {
      adapter = known
      while holder.beginning == nil { await worker.loop.sleep(nanoseconds: 1_000_000) }
    } else {
      adapter = try Adapter(plan, worker)
      holder.adapter = adapter
      // All workers of the thread have come by when the program has.
      await worker.loop.yield()
      var random = worker.random
      do throws(SetupFailure) {
        try await adapter.begin(call, workers: holder.users, seed: random.next())
        holder.beginning = .success(())
      } catch {
        holder.beginning = .failure(error)
        adapter.close()
      }
    }
    if case .failure(let failure)? = holder.beginning { throw failure }
    do throws(SetupFailure) { try await adapter.open(self.worker, call) } catch {
      await adapter.end()
      throw error
    }
  }

  /// Sends a request of an operation.
  func ask(
    _ kind: RequestKind, _ compose: (inout LineWriter) -> Void = { _ in }
  ) async -> Adapter.Answer {
    await adapter.ask(call, kind, patience: adapter.plan.patience, compose)
  }

  /// What a reply that is no success means; keeps the text of an error.
  func failure(_ attempt: Attempt) -> AttemptFailure {
    if call.reply.kind == .error { attempt.note(error: call.reply.message ?? "an error without a message") }
    if call.reply.kind == .unsupported { attempt.note(error: "the program does not know '\(call.kind.name)'") }
    return call.reply.kind.failure ?? .connectionLost
  }

  /// Opens it again.
  func reopen() async throws(SetupFailure) { try await adapter.reopen(worker, call) }

  /// Closes it; the last one ends the program.
  func close() async {
    // From now on it may end when it likes.
    if holder.users == 1 { adapter.isEnding = true }
    _ = await adapter.ask(call, .close, patience: 5_000_000_000) { $0.append(worker: worker) }
    holder.users -= 1
    if holder.users == 0 { await adapter.end() }
  }
}
