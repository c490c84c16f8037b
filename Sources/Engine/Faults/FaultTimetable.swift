internal import Model
internal import Words

/// The stretches of the measured window in which a planned fault is in effect, if all goes as it is stated.
struct FaultTimetable {
  /// Comparisons of two faults after which nothing is said about them.
  private static let mostStretches = 10_000
  /// What shares of the window may be off by when they are added up.
  private static let rounding = Duration.microseconds(1)

  private let planned: PlannedFault
  private let window: Duration?

  /// - Parameter window: length of the measured window; nil when operations bound it.
  init(_ planned: PlannedFault, window: Duration?) {
    self.planned = planned
    self.window = window
  }

  /// How long it lasts each time: not at all when it is over at once; nil until the window closes.
  private var length: Duration? {
    planned.fault.isFinal ? nil : planned.fault.heals ? planned.length : .zero
  }

  /// What is wrong with its own times, in one sentence; nil when nothing is.
  var obstacle: String? {
    let start = planned.start.inWords
    if let window, planned.start >= window {
      return "it is to happen after the end of the measured window (load.duration)"
    }
    guard let length else {
      return planned.fault.isFinal && planned.interval != nil && planned.fault.claim != nil
        ? "it happens once, for nobody takes the place of its victim; leave out 'every'" : nil
    }
    let text = length.inWords
    if let window, planned.start + length > window + Self.rounding {
      return "it would last for \(text) from \(start) on, and the measured window (load.duration) closes after "
        + "\(window.inWords); state an earlier 'at' or a shorter 'for'"
    }
    if let interval = planned.interval, interval < length {
      return "it is to last for \(text) and to happen again every \(interval.inWords); "
        + "state a longer 'every' or a shorter 'for'"
    }
    return nil
  }

  /// How often it is to happen; nil when nobody can tell.
  var times: Int? {
    guard let interval = planned.interval else { return 1 }
    return window.map { 1 + Int(($0 - planned.start - .nanoseconds(1)) / interval) }
  }

  /// A moment at which the fault is to begin while another one is in effect that leaves nothing to do it to; nil when
  /// there is none.
  func clash(with other: FaultTimetable) -> Duration? {
    guard let claim = planned.fault.claim, let otherClaim = other.planned.fault.claim else { return nil }
    var (own, others) = (planned.start, Optional(other.planned.start))
    for _ in 0..<Self.mostStretches {
      guard let begin = others else { return nil }
      if begin <= own {
        let end = other.length.map { begin + $0 }
        if otherClaim.excludes(claim), end.map({ own + Self.rounding < $0 }) ?? true { return own }
        others = other.next(after: begin)
      } else {
        guard let next = next(after: own) else { return nil }
        own = next
      }
    }
    return nil
  }

  private func next(after begin: Duration) -> Duration? {
    guard let interval = planned.interval, interval > .zero else { return nil }
    let next = begin + interval
    return window.map { next + (length ?? .zero) < $0 } ?? true ? next : nil
  }
}

extension Duration {
  /// A moment or a length of a fault, in a message.
  var inWords: String { formatDuration(nanoseconds: Double(nanoseconds)) }
}
