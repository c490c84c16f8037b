import Checking
import Model
import Testing
import Workloads

/// Whole executions: operations of a workload run one by one must pass; the same with a fault must not.
struct SimulationTests {
  /// The samples of every workload, and more of what their options change.
  static let settings =
    WorkloadRegistry.samples + [
      WorkloadSettings(kind: "counter", keys: 3, distribution: .zipfian(theta: 0.9)),
      WorkloadSettings(kind: "stock", keys: 2, options: Options([], stated: ["initial": .integer(150)])),
      WorkloadSettings(kind: "seats", keys: 20, options: Options([], stated: ["release": .flag(false)])),
      WorkloadSettings(kind: "transfer", keys: 4, options: Options([], stated: ["ordered": .flag(false)])),
      WorkloadSettings(kind: "on-call", keys: 4),
      WorkloadSettings(kind: "order", keys: 12, options: Options([], stated: ["initial": .integer(400)])),
    ]

  private func simulate(
    _ settings: WorkloadSettings, seed: UInt64, unknownRate: Double = 0, _ fault: SimulatedTrial.Fault? = nil,
    faultRate: Double = 0
  ) throws -> (trial: SimulatedTrial, results: [CheckResult]) {
    let workload = try #require(WorkloadRegistry.make(settings))
    var trial = SimulatedTrial(
      workload, seed: seed, unknownRate: unknownRate, fault: fault, faultRate: faultRate)
    trial.run(600, seed: seed)
    return (trial, check(workload, trial.evidence))
  }

  @Test("serial executions pass every checker", arguments: settings, [1, 2, 3])
  func serial(settings: WorkloadSettings, seed: UInt64) throws {
    let results = try simulate(settings, seed: seed).results
    #expect(results.allSatisfy { $0.verdict == .pass }, "\(results.findings)")
  }

  @Test("unknown outcomes, landed or not, never cause a violation", arguments: settings, [4, 5, 6])
  func unknownOutcomes(settings: WorkloadSettings, seed: UInt64) throws {
    let (trial, results) = try simulate(settings, seed: seed, unknownRate: 0.2)
    #expect(trial.evidence.total[.unknown] > 0)
    #expect(results.verdict == .pass, "\(results.findings)")
  }

  @Test("on one record the lost updates are counted exactly", arguments: [1, 2, 3, 4, 5])
  func exactCount(seed: UInt64) throws {
    let (trial, results) = try simulate(WorkloadSettings(kind: "counter"), seed: seed, .race, faultRate: 0.1)
    #expect(trial.faults > 20)
    #expect(try results.named("ledger").findings == [Finding(.lostUpdate, key: 0, count: trial.faults)])
    #expect(try results.named("unique-returns").findings.reduce(0) { $0 + $1.count } == trial.faults)
  }

  /// What a race does to a workload. One that is missing here fails the test.
  private static let damage: [String: Set<Violation.Kind>] = [
    "counter": [.lostUpdate, .duplicateValue], "stock": [.lostUpdate], "seats": [.doubleBooking, .lostUpdate],
    "transfer": [.conservation, .lostUpdate], "profile": [.staleRead, .lostUpdate], "on-call": [.writeSkew],
    "order": [.lostUpdate],
  ]

  @Test("races break the invariant that each workload is about", arguments: settings)
  func races(settings: WorkloadSettings) throws {
    let (trial, results) = try simulate(settings, seed: 7, .race, faultRate: 0.15)
    #expect(trial.faults > 0)
    var kinds = try #require(Self.damage[settings.kind])
    let options = settings.options.values
    if settings.kind == "stock" { kinds.insert(options["initial"] == nil ? .duplicateValue : .oversell) }
    if settings.kind == "profile", options["fields"] != .integer(1) { kinds.insert(.tornRead) }
    #expect(kinds.subtracting(results.findings.map(\.kind)).isEmpty, "\(results.findings)")
    #expect(!results.findings.contains { $0.kind == .phantomUpdate })
  }

  @Test("changes stored twice are phantoms, in number and kind", arguments: [1, 2, 3])
  func doubledWrites(seed: UInt64) throws {
    for kind in ["counter", "stock"] {
      let (trial, results) = try simulate(WorkloadSettings(kind: kind), seed: seed, .doubledWrite, faultRate: 0.05)
      #expect(trial.faults > 0)
      #expect(try results.named("ledger").findings == [Finding(.phantomUpdate, key: 0, count: trial.faults)])
    }
  }

  @Test("a transfer of which only one half lands changes the sum", arguments: [1, 2, 3])
  func partialWrites(seed: UInt64) throws {
    let (trial, results) = try simulate(
      WorkloadSettings(kind: "transfer", keys: 4), seed: seed, .partialWrite, faultRate: 0.01)
    #expect(trial.faults > 0)
    #expect(try results.named("ledger").verdict == .violation)
    #expect(try results.named("conservation").verdict == .violation)
  }

  @Test("orders that are noted and nothing else are counted exactly", arguments: [1, 2, 3])
  func partialOrders(seed: UInt64) throws {
    let (trial, results) = try simulate(
      WorkloadSettings(kind: "order", keys: 8), seed: seed, .partialWrite, faultRate: 0.05)
    #expect(trial.faults > 0)
    #expect(
      try results.named("whole-orders").findings == [Finding(.mixedOutcome, key: nil, count: trial.faults)])
  }
}
