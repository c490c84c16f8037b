public import Services

/// Something that is done to a running trial: one kind of fault with its settings, in a file of its own.
///
/// A fault says what it needs, how it is injected and how it heals; when that is to happen says ``PlannedFault``. It is
/// a value: every trial starts with a copy. What goes on around it is not its business: a fault that has fired is healed
/// whatever happens, when the measured window closes at the latest, and one that has not makes the trial inconclusive.
public protocol Fault: Sendable {
  /// What it does, for events and messages: `kill worker process 1`.
  var summary: String { get }

  /// Whom it was done to when it was injected last, in words; empty where the summary says it.
  var subject: String { get }

  /// Whether there is something to undo once it was injected.
  var heals: Bool { get }

  /// Whether its victim is gone for good.
  var isFinal: Bool { get }

  /// Whether a trial can see it but once.
  var happensOnce: Bool { get }

  /// To whom it is done, where that is known before; nil when it is found at the time, or what is done leaves others room.
  var claim: FaultClaim? { get }

  /// What it needs and a trial does not have, in one sentence; nil when it can be done. Asked before anything starts.
  ///
  /// - Parameter managed: the services of the trial that we have started ourselves.
  func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String?

  /// What servers must be started with, by name of service, for it to be done at all.
  var preparations: [String: ServerPreparation] { get }

  /// Whether it is done by a proxy between workers and servers.
  var needsProxy: Bool { get }

  /// Puts itself between workers and servers, if it has to, by replacing addresses by name of service. Called once,
  /// before the worker processes start.
  mutating func prepare(_ addresses: inout [String: String]) throws(FaultFailure)

  /// Tries to do it, without waiting. Called when its moment has come, and then every quarter of a millisecond for as
  /// long as it answers false: that there is nobody yet to do it to.
  mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool

  /// Undoes it, without waiting; false when it is too late for that. Called once, and only after it was injected.
  mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool
}

extension Fault {
  /// The summary says it.
  public var subject: String { "" }
  /// Most faults leave something to undo.
  public var heals: Bool { true }
  /// Most victims live on.
  public var isFinal: Bool { false }
  /// Most faults can happen again.
  public var happensOnce: Bool { false }
  /// Most faults leave others room.
  public var claim: FaultClaim? { nil }
  /// Every trial will do.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? { nil }
  /// Most faults are done to servers as they are.
  public var preparations: [String: ServerPreparation] { [:] }
  /// Most faults are done to whom they are about.
  public var needsProxy: Bool { false }
  /// Most faults leave the addresses as they are.
  public mutating func prepare(_ addresses: inout [String: String]) throws(FaultFailure) {}
}

/// A fault and its time.
public struct PlannedFault: Sendable {
  /// What is done.
  public var fault: any Fault
  /// When, from the opening of the measured window; before it when negative.
  public var start: Duration
  /// How long; until the window closes when nil.
  public var length: Duration?
  /// From one time that it happens to the next; nil for once. It must happen once, and then as often as there is time for.
  public var interval: Duration?
  /// Its position in the scenario, from 0, and which kind it is there.
  public var position = 0, kind = ""
  /// Plans a fault.
  public init(_ fault: any Fault, at start: Duration, for length: Duration? = nil, every interval: Duration? = nil) {
    self.fault = fault
    self.start = start
    self.length = length
    self.interval = interval
  }
}

/// Why a fault could not be injected or healed, in one sentence.
public struct FaultFailure: Error, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  /// Makes a failure.
  public init(_ message: String) { self.message = message }
  /// The message.
  public var description: String { message }
}
