import Model
import Runtime
import Synchronization
import Testing
import TrialSupport

/// What a client makes of the answers to its deliveries, whatever the service.
struct DeliveryTests {
  /// A service without an effect that plays a script for each connection, a letter for each delivery, the last one again
  /// and again: done with response 1 or 2, replay of response 1, ignored, turned away, or a failure.
  struct Scripted: DeliveryClient, ~Copyable {
    final class Configuration: Sendable {
      let scripts: [[Character]]
      let opened = Atomic<Int>(0)
      init(_ scripts: [String]) { self.scripts = scripts.map(Array.init) }
    }

    static let descriptor = StrategyDescriptor(
      id: "test.scripted", summary: "a script", documentation: .sample, store: "memory", scope: .process,
      threading: .shared, applicability: .deliveries)

    static var canResend: Bool { true }
    private let script: [Character]
    private var line = 0

    static func configure(_ environment: StrategyEnvironment) -> Configuration {
      Configuration([environment.options.word("first"), environment.options.word("second")])
    }

    static func open(_ configuration: Configuration, _ worker: WorkerContext) -> Scripted {
      Scripted(script: configuration.scripts[configuration.opened.add(1, ordering: .relaxed).oldValue])
    }

    private init(script: [Character]) { self.script = script }

    mutating func deliver(_ attempt: inout Attempt) async throws(AttemptFailure) -> DeliveryAnswer {
      defer { line += 1 }
      switch script[min(line, script.count - 1)] {
      case "1": return .done(response: 1)
      case "2": return .done(response: 2)
      case "r": return .replay(response: 1)
      case "i": return .ignored
      case "t": return .turnedAway
      case "a": throw .ambiguous
      case "l": throw .connectionLost
      default: throw .conflict
      }
    }
  }

  /// One operation of one worker.
  private func run(_ first: String, _ second: String, redelivered: Double = 1) throws -> Tally {
    let entry = StrategyEntry(Scripted.descriptor, Redelivered<Scripted>.self)
    var trial = Trial(entry, "payment", ["redelivered": .number(redelivered), "delay": .duration(.zero)])
    trial.options = ["first": .word(first), "second": .word(second)]
    trial.isInVirtualTime = true
    trial.workers = 1
    trial.operations = 1
    trial.retry.attempts = 2
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.total[.started] == 1)
    return outcome.total
  }

  @Test("an operation is committed when one of its deliveries was answered")
  func answered() throws {
    for (first, second) in [("1", "r"), ("r", "1"), ("t", "1"), ("1", "t"), ("c", "1"), ("1", "l"), ("a", "1")] {
      let total = try run(first, second)
      #expect(total[.committed] == 1 && total[.attempts] == 1, "\(first) \(second)")
      #expect(total[.differentResponses] == 0, "\(first) \(second)")
    }
    #expect(try run("1", "r")[.replays] == 1)
    #expect(try run("1", "i")[.rejectedDuplicates] == 1)
    let alone = try run("1", "2", redelivered: 0)
    #expect(alone[.redeliveries] == 0 && alone[.differentResponses] == 0)
  }

  @Test("responses that differ are counted")
  func different() throws {
    #expect(try run("1", "2")[.differentResponses] == 1)
  }

  @Test("a lost answer is settled by the next delivery with the same key")
  func settled() throws {
    for script in ["ar", "a1", "aaaaar", "alr", "acr"] {
      let total = try run(script, "1", redelivered: 0)
      #expect(total[.committed] == 1 && total[.ambiguous] == 0, "\(script)")
      #expect(total[.redeliveries] == Int64(script.count - 1), "\(script)")
    }
  }

  @Test("an outcome stays unknown when no delivery is answered, whatever became of the other one")
  func unsettled() throws {
    for (first, second, redelivered) in [("a", "1", 0.0), ("al", "1", 0), ("a", "c", 1), ("c", "a", 1), ("t", "a", 1)] {
      let total = try run(first, second, redelivered: redelivered)
      #expect(total[.unknown] == 1 && total[.attempts] == 1, "\(first) \(second)")
    }
    // Who is ignored cannot tell why.
    #expect(try run("i", "i")[.unknown] == 1)
  }

  @Test("what has not happened is tried again by the retry policy, over connections that are in order")
  func repeated() throws {
    for (first, second) in [("c1", "c"), ("l1", "c"), ("c1", "l"), ("tttttttt1", "t")] {
      let total = try run(first, second)
      #expect(total[.committed] == 1 && total[.attempts] == 2, "\(first) \(second)")
    }
    #expect(try run("c1", "l")[.conflict] == 1)
    let refused = try run("t", "t")
    #expect(refused[.gaveUp] == 1 && refused[.conflict] == 2 && refused[.rejectedDuplicates] == 32)
  }
}
