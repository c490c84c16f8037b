import Checking
import Engine
import Foundation
import Model
import Testing

extension EngineTests {
  /// Histories of real trials: that they hold every operation, and show what went wrong.
  @Suite(.serialized) struct Histories {
    /// Runs a trial and reads what it has written.
    private func record(
      _ strategy: String, _ kind: String = "counter", _ options: [String: OptionValue] = [:], workers: Int = 4,
      faults: [PlannedFault] = [], adjust: (inout Variant) -> Void = { _ in }
    ) throws -> (result: TrialResult, history: History, events: History) {
      let scenario = try TestRun.scenario(kind, options: options, strategies: [strategy], workers: workers) {
        // As many as a strategy in memory makes in some milliseconds: all of them are read again.
        $0.load.duration = nil
        $0.load.operations = 4_000
        $0.load.warmup = .zero
        adjust(&$0)
      }
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("history-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      let testbed = try Testbed(scenario, executable: TestRun.contend, interruption: -1)
      defer { try? testbed.close() }
      var trial = try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
      trial.faults = faults
      let result = try testbed.run(trial, histories: folder.path)
      let name = try #require(result.history, "\(result.failure ?? "")").name
      #expect(name == "1-\(strategy)")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["\(name).edn", "\(name).jsonl"])
      func bytes(_ ending: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name + ending)))
      }
      return (
        result, try HistoryLineReader.read(try bytes(".jsonl")), try EDNReader.read(try bytes(".edn"))
      )
    }

    /// Every operation of the trial is there once, and ended as the trial counted it.
    ///
    /// - Parameter killed: workers that died while they may have been counting.
    private func expectWhole(_ result: TrialResult, _ history: History, killed: Int64 = 0) {
      let total = result.total
      func count(_ ending: RecordedOperation.Ending) -> Int64 {
        Int64(history.operations.count { $0.ending == ending })
      }
      #expect(result.failure == nil)
      #expect(history.dropped == 0)
      #expect(history.operations.count == Int(total.outcomes))
      #expect(abs(count(.ok) - total[.committed]) <= killed)
      #expect(count(.fail) == total[.refused] + total[.gaveUp] + total[.failed])
      #expect(abs(count(.info) - total[.unknown]) <= killed)
      #expect(result.history?.operationsCount == history.operations.count)
      #expect(abs(history.operations.reduce(0) { $0 + $1.attempts } - total[.attempts]) <= killed)
      #expect(history.header.strategy == result.cell.strategy && history.header.workload == result.conditions.workload)
      // One operation after the other.
      for (_, operations) in Dictionary(grouping: history.operations, by: \.process) {
        let sorted = operations.sorted { $0.invoke < $1.invoke }
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { ($0.end ?? .max) <= $1.invoke })
      }
    }

    /// How many values were returned more than once.
    private func repeats(_ history: History) -> Int {
      var seen: Set<Int64> = []
      return history.operations.count { operation in
        guard operation.ending == .ok, case .add(_, let result?)? = operation.accesses.first?.action else {
          return false
        }
        return !seen.insert(result).inserted
      }
    }

    /// How many holds of one lock began inside another.
    private func overlaps(_ history: History) -> Int {
      var until = Int64.min
      return history.operations.flatMap(\.holds).sorted { $0.granted < $1.granted }.count { hold in
        defer { until = max(until, hold.released ?? hold.granted) }
        return hold.granted < until
      }
    }

    @Test(
      "a history holds every operation with its value and its lock",
      arguments: ["memory.mutex", "memory.cas", "postgres.for-update", "redis.lock"])
    func whole(strategy: String) throws {
      let (result, history, events) = try record(strategy)
      expectWhole(result, history)
      #expect(result.samplingInterval == 1 && result.verdict == .pass, "\(result.checks)")
      #expect(repeats(history) == 0 && overlaps(history) == 0)
      let results = history.operations.compactMap { operation -> Int64? in
        if case .add(1, let result)? = operation.accesses.first?.action { result } else { nil }
      }
      #expect(results.sorted() == Array(1...Int64(history.operations.count)))
      let isLocked = strategy != "memory.cas"
      #expect(history.operations.allSatisfy { $0.holds.count == (isLocked ? 1 : 0) })
      #expect(history.operations.allSatisfy { $0.holds.allSatisfy { $0.released != nil } })
      #expect(events.operations.count == history.operations.count)
    }

    @Test("lost updates show as values that were returned twice", arguments: ["memory.none", "postgres.none"])
    func lostUpdates(strategy: String) throws {
      let (result, history, _) = try record(strategy, workers: 8)
      expectWhole(result, history)
      #expect(result.verdict == .violation)
      #expect(repeats(history) > 0 && overlaps(history) > 0)
    }

    @Test(
      "operations over several records are there with all of them", arguments: ["memory.mutex", "postgres.for-update"])
    func transfers(strategy: String) throws {
      let (result, history, events) = try record(strategy, "transfer") { $0.workload.keys = 4 }
      expectWhole(result, history)
      let written = history.operations.filter { $0.ending == .ok && $0.function == .transfer }
      #expect(!written.isEmpty && written.allSatisfy { $0.accesses.count == 2 && $0.holds.count == 2 })
      // Applied in the order of their locks, they give every value that was returned.
      var balances = history.header.initial
      for operation in written.sorted(by: { ($0.holds.last?.granted ?? 0) < ($1.holds.last?.granted ?? 0) }) {
        for access in operation.accesses {
          guard case .add(let amount, let result) = access.action else { continue }
          balances[Int(access.key)] += amount
          #expect(result == balances[Int(access.key)])
        }
      }
      #expect(events.operations.count == history.operations.count)
    }

    @Test(
      "a strategy that counts versions tells which it read and which it made",
      arguments: ["postgres.optimistic", "sqlite.optimistic"])
    func versions(strategy: String) throws {
      let (result, history, _) = try record(strategy) { $0.load.operations = 1_000 }
      expectWhole(result, history)
      let made = history.operations.filter { $0.ending == .ok }.compactMap(\.accesses.first)
      #expect(made.count == 1_000 && made.allSatisfy { $0.version != nil && $0.version == $0.replaced.map { $0 + 1 } })
      // One after the other, in the order of the values.
      let sorted = made.sorted { ($0.version ?? 0) < ($1.version ?? 0) }
      #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.version == $1.replaced })
      #expect(sorted.map(\.action) == (1...1_000).map { .add(1, result: $0) })
    }

    @Test("a stock that is sold out refuses, which is a failure without effect")
    func refused() throws {
      let (result, history, _) = try record("postgres.atomic", "stock", ["initial": .integer(20)])
      expectWhole(result, history)
      #expect(history.operations.count { $0.ending == .ok } == 20)
      let refused = history.operations.filter { $0.ending == .fail }
      #expect(!refused.isEmpty && refused.allSatisfy { $0.error == "refused" })
    }

    @Test(
      "a worker that is killed leaves an open operation, and the history goes on under other numbers",
      arguments: ["memory.mutex", "postgres.for-update", "redis.lock"])
    func killed(strategy: String) throws {
      let fault = PlannedFault(KillWorkers(.process(0), restarts: true), at: .milliseconds(100), for: .milliseconds(50))
      let (result, history, events) = try record(strategy, faults: [fault]) {
        $0.load.processes = 2
        $0.load.duration = .milliseconds(1200)
        $0.load.operations = nil
        $0.workload.hold = .milliseconds(1)
      }
      let doomed: Int64 = 2
      // A mutex of one process protects nobody from the other.
      expectWhole(result, history, killed: strategy == "memory.mutex" ? 2 * doomed : doomed)
      let open = history.operations.filter { $0.end == nil }
      #expect(!open.isEmpty && open.allSatisfy { $0.ending == .info && $0.error?.hasPrefix("no end") == true })
      let death = try #require(history.faults.first { $0.detail.contains("signal 9") })
      let cut = open.filter { $0.process < 2 }
      #expect(cut.allSatisfy { $0.invoke <= death.moment })
      // Whoever took their places has other numbers, and began later.
      let successors = history.operations.filter { (4..<6).contains($0.process) }
      #expect(cut.isEmpty || !successors.isEmpty)
      #expect(successors.allSatisfy { $0.invoke > death.moment })
      #expect(history.faults.map(\.isHealed).contains(true) && events.faults.count == history.faults.count)
    }
  }
}
