internal import Engine
internal import Gate
internal import Model
internal import Services

/// What one arm of a live gate is to run.
public struct ArmRequest {
  /// The scenario file.
  public var scenario: String
  /// The arm's `contend`; nil for this one.
  public var program: String?
  /// Replaced settings, as `path=value`.
  public var overrides: [String]

  /// Makes a request.
  public init(scenario: String, program: String? = nil, overrides: [String] = []) {
    self.scenario = scenario
    self.program = program
    self.overrides = overrides
  }
}

/// Both arms of a live gate, and the services that they share.
public final class ArmPair {
  /// What the base's scenario holds.
  public let base: ArmPlan
  /// What the candidate's scenario holds.
  public let candidate: ArmPlan
  private let connections: [GateSide: ArmConnection]
  private var pool: ServicePool?

  /// Starts both arms and lets them read their scenarios.
  ///
  /// - Parameters:
  ///   - base: what is compared with.
  ///   - candidate: what is judged.
  ///   - interruption: a descriptor that becomes readable when the user wants to stop.
  /// - Throws: ``GateFailure`` when a program is no arm or a scenario is refused, `EngineFailure` when interrupted.
  public init(base: ArmRequest, candidate: ArmRequest, interruption: Int32) throws {
    let first = try ArmConnection(.base, program: base.program, interruption: interruption)
    let second = try ArmConnection(.candidate, program: candidate.program, interruption: interruption)
    self.base = try Self.plan(first, base)
    self.candidate = try Self.plan(second, candidate)
    connections = [.base: first, .candidate: second]
  }

  private static func plan(_ arm: ArmConnection, _ request: ArmRequest) throws -> ArmPlan {
    let file = ArmScenario(path: request.scenario, overrides: request.overrides)
    guard case .plan(let plan) = try arm.ask(.read(file)) else { throw arm.confused }
    return plan
  }

  /// Starts the servers, once for both arms when their services are the same, and makes the results folders.
  ///
  /// - Returns: the id of each run.
  func open(_ opening: (GateSide, [SharedService]) -> ArmOpening) throws -> [String: String] {
    var shared: [SharedService] = []
    if base.locations == candidate.locations {
      let options = Testbed.launchOptions(
        workers: base.workers + candidate.workers, executable: "/proc/self/exe")
      let pool = ServicePool(settings: base.locations, options: options)
      self.pool = pool
      do throws(ServiceFailure) {
        try pool.start(base.services + candidate.services.filter { !base.services.contains($0) })
      } catch {
        throw EngineFailure(.serviceUnavailable, error.message)
      }
      shared = pool.running.map(\.shared)
    }
    var runs: [String: String] = [:]
    for side in GateSide.allCases {
      guard let arm = connections[side] else { continue }
      guard case .opened(let run) = try arm.ask(.open(opening(side, shared))) else { throw arm.confused }
      runs[side.rawValue] = run
    }
    return runs
  }

  /// Measures and stores one slice of one arm.
  func measure(_ slice: ArmSlice, _ side: GateSide) throws {
    guard let arm = connections[side] else { return }
    guard case .measured = try arm.ask(.measure(slice)) else { throw arm.confused }
    if let dead = pool?.running.lazy.compactMap({ $0.hasDied() }).first {
      throw EngineFailure(.serviceUnavailable, dead)
    }
  }

  /// Ends both arms and stops the servers; returns what could not be cleaned up.
  func close() -> [String] {
    let left = GateSide.allCases.compactMap { connections[$0]?.close() }
    pool?.stop()
    pool = nil
    return left
  }
}

extension ArmConnection {
  /// It answered with something that was not asked for.
  fileprivate var confused: Lost { Lost(message: "the \(side.rawValue) does not answer what it was asked") }
}
