internal import Model

/// A sign of life: what the workers of a host have counted so far.
///
/// Counters that are not zero only, each as its position and its value: some hundred bytes.
struct HostBeat: Equatable {
  /// Counts by phase.
  var tallies: [Phase: Tally] = [:]

  /// A host that has nothing to do.
  init() {}

  init(_ tallies: [Phase: Tally]) { self.tallies = tallies }

  /// As the payload of a frame.
  var payload: [UInt8] {
    var bytes: [UInt8] = []
    for (place, phase) in Phase.allCases.enumerated() {
      for counter in Counter.allCases {
        guard let count = tallies[phase]?[counter], count != 0 else { continue }
        ZigZag.append(Int64(place * Counter.allCases.count + counter.rawValue), to: &bytes)
        ZigZag.append(count, to: &bytes)
      }
    }
    return bytes
  }

  /// Reads a payload; nil when it makes no sense.
  init?(payload: [UInt8]) {
    var position = 0
    while position < payload.count {
      guard let place = ZigZag.next(in: payload, at: &position), let count = ZigZag.next(in: payload, at: &position),
        (0..<Int64(Phase.allCases.count * Counter.allCases.count)).contains(place)
      else { return nil }
      let counter = Counter.allCases[Int(place) % Counter.allCases.count]
      tallies[Phase.allCases[Int(place) / Counter.allCases.count], default: Tally()][counter] = count
    }
  }
}
