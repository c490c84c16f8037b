/// A fault as a scenario states it: what is done to the trials of every strategy, and when.
public struct FaultSettings: Sendable, Equatable, Codable {
  /// Which kind of fault: `pause-worker`, `kill-service`, ...
  public var kind: String
  /// The service that it is done to; nil for the first one that the strategy needs, or for a fault of workers.
  public var service: String?
  /// When, from the opening of the measured window.
  public var start: FaultTime
  /// How long; nil for a fault that is over at once or lasts until the window closes.
  public var length: FaultTime?
  /// From one time to the next; nil for once.
  public var interval: Duration?
  /// The options of its kind, resolved.
  public var options: Options

  /// Makes settings.
  public init(
    kind: String, service: String? = nil, start: FaultTime = .share(0.3), length: FaultTime? = nil,
    interval: Duration? = nil, options: Options = Options([])
  ) {
    self.kind = kind
    self.service = service
    self.start = start
    self.length = length
    self.interval = interval
    self.options = options
  }
}

/// A time in the course of a trial, as a scenario states it.
public enum FaultTime: Sendable, Equatable, Codable {
  /// A length of time.
  case duration(Duration)
  /// A share of the measured window, 0 to 1.
  case share(Double)
  /// A multiple of an option of the strategy, such as the time to live of its lock.
  case multiple(Double, of: String)

  /// The length of time that it means.
  ///
  /// - Parameters:
  ///   - window: length of the measured window; nil when operations bound it.
  ///   - options: those of the strategy.
  /// - Returns: nil when there is no such window, or the strategy has no such option.
  public func resolved(window: Duration?, options: Options) -> Duration? {
    switch self {
    case .duration(let duration): duration
    case .share(let share): window.map { $0 * share }
    case .multiple(let factor, let name):
      if case .duration(let value) = options.values[name] { value * factor } else { nil }
    }
  }
}

/// What a kind of fault is.
public struct FaultDescriptor: Sendable {
  /// Whom it is done to.
  public enum Subject: Sendable {
    /// A worker process.
    case workers
    /// A service.
    case service
    /// The service that its name says.
    case named
  }
  /// Id in scenario files.
  public let id: String
  /// What is done, in one line.
  public let summary: String
  /// Whom it is done to.
  public let subject: Subject
  /// How long it lasts where the scenario does not say; nil for a fault that is over at once, or lasts until the end.
  public let length: FaultTime?
  /// Whether a scenario may say how long it lasts.
  public let canEnd: Bool
  /// Options of its own.
  public let options: [OptionSpecification]

  /// Makes a descriptor.
  ///
  /// - Parameter canEnd: nil when it does where it has a length.
  public init(
    id: String, summary: String, subject: Subject, length: FaultTime? = nil, canEnd: Bool? = nil,
    options: [OptionSpecification] = []
  ) {
    self.id = id
    self.summary = summary
    self.subject = subject
    self.length = length
    self.canEnd = canEnd ?? (length != nil)
    self.options = options
  }
}
