public import Model
internal import StrategyCatalog

/// Kills a worker process that stands at a named point of an operation: a coordinator between two prepares, a service
/// after a step. Whoever comes there first stops its process; nothing happens between the point and the death.
public struct KillAtPoint: Fault {
  /// Name of the point.
  public let point: String
  /// Whom it was done to last.
  public private(set) var subject = ""
  private let position: Int?
  private var isArmed = false
  private var replacement: Replacement

  /// What it does.
  public var summary: String { "kill a worker process \(point.replacing("-", with: " "))" }

  /// Another process is started.
  public var heals: Bool { replacement.restarts }

  /// A process that nobody replaces is gone for good.
  public var isFinal: Bool { !replacement.restarts }

  /// Needs a strategy that knows the point.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    if position != nil { return nil }
    let points = trial.descriptor.points
    return points.isEmpty
      ? "its operations have no named points"
      : "its operations have no point '\(point)'; state one of \(points.joined(separator: ", "))"
  }

  /// Waits for somebody at the point, and kills the process once one stands there.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    if !isArmed {
      isArmed = true
      trial.arm(position)
    }
    guard let index = trial.processAtPoint() else { return false }
    trial.kill(process: index)
    trial.arm(nil)
    (isArmed, replacement.killed, subject) = (false, index, trial.name(ofProcess: index))
    return true
  }

  /// Starts another in its place, if there is time left.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool { try replacement.start(in: trial) }
}

extension KillAtPoint: ScenarioFault {
  /// `kill-at-point`.
  public static let descriptor = FaultDescriptor(
    id: "kill-at-point",
    summary: "Kills a worker process (SIGKILL) at a named point of an operation; another may take its place.",
    subject: .workers, length: .duration(.milliseconds(100)),
    options: [
      OptionSpecification(
        "point", .word(points), default: .word(points.first ?? ""),
        "Where the process ends; 'contend explain' of the strategy lists its points."),
      Replacement.option,
    ])

  /// The points of all strategies, each once.
  private static let points = StrategyCatalog.descriptors.flatMap(\.points)
    .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }

  /// Where, as the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    point = settings.options.word("point")
    replacement = Replacement(settings)
    position = trial.descriptor.points.firstIndex(of: point)
  }
}
