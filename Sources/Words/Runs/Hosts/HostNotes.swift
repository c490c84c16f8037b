internal import Model

extension Footnotes {
  /// Hosts whose evidence never came.
  var lostHosts: [String] {
    let places = cells.flatMap { cell in
      cell.hosts.filter { $0.lostCount > 0 }.map { host in
        "\(cell.cell.name): \(host.inWords.printable)"
          + (host.trialCount > 1 ? " in \(formatCount(host.lostCount)) of \(counted(host.trialCount, "trial"))" : "")
      }
    }
    return places.isEmpty
      ? []
      : [
        "host lost, what its workers did is unknown and its trial has no figure (\(few(places))): see why it went silent, "
          + "then measure again"
      ]
  }

  /// Critical sections of different hosts that overlapped whatever their clocks show.
  var overlapsBetweenHosts: [String] {
    let places = counts { $0.holdsBetweenHosts?.overlaps ?? 0 }
    return places.isEmpty
      ? []
      : [
        "two holders at once on different hosts, critical sections that overlapped whatever clocks show within their "
          + "bounds: \(few(places))"
      ]
  }
}
