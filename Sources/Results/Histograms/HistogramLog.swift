internal import Model
internal import Words

/// `latency.hlog`: the log format 1.3 of HdrHistogram, one tagged line per trial and kind of time.
enum HistogramLog {
  /// Name of the file in a results folder.
  static let file = "latency.hlog"

  /// The first lines: version, start, legend.
  static func header(startedAt: Double) -> String {
    """
    #[Histogram log format version 1.3]
    #[StartTime: \(startedAt.fixedPoint(decimals: 3) ?? "0.000") (seconds since epoch), \(Timestamp.rfc3339(startedAt))]
    "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

    """
  }

  /// One line per histogram of a trial that is not empty.
  static func lines(of trial: TrialResult) -> String {
    histograms(of: trial).map { kind, histogram in
      // The log states the maximum in milliseconds; the values of the histogram are nanoseconds.
      let times = [trial.startedAt, trial.measuredSeconds, Double(histogram.maximum ?? 0) / 1e6]
      let columns = times.map { $0.fixedPoint(decimals: 3) ?? "0.000" } + [HistogramEncoding.encode(histogram)]
      return "Tag=\(tag(of: trial))~\(kind)," + columns.joined(separator: ",") + "\n"
    }.joined()
  }

  /// What tells the histograms of a trial from all others of the run: `strategy~w8~r1`, or `strategy~w8~variant~r1`;
  /// of one that was measured again, `~m2` follows.
  static func tag(of trial: TrialResult) -> String {
    let cell = trial.cell
    let variant = cell.variant.isEmpty ? "" : "~" + escaped(cell.variant)
    let measurement = trial.measurement == 1 ? "" : "~m\(trial.measurement)"
    return "\(escaped(cell.strategy))~w\(cell.workers)\(variant)~r\(trial.repetition)\(measurement)"
  }

  /// The histograms of a trial that are not empty, by the word that ends their tag.
  static func histograms(of trial: TrialResult) -> [(kind: String, histogram: HistogramSnapshot)] {
    let phases = trial.phases
    let parts = [
      ("latency", trial.latency), ("wait", phases.wait), ("hold", phases.hold), ("commit", phases.commit),
      ("backoff", phases.backoff), ("censored", phases.censored),
    ]
    let stages = zip(trial.stageNames, phases.stages).map { (kind(ofStage: $0), $1) }
    return (parts + stages).filter { $0.1.total > 0 }
  }

  /// The word for a stage that a strategy names.
  static func kind(ofStage name: String) -> String { "stage-" + escaped(name) }

  /// A label without what the format gives a meaning: commas, blanks and line ends, and our own separator, each as `%`
  /// and two hexadecimal digits.
  private static func escaped(_ label: String) -> String {
    let bytes = label.utf8.flatMap { byte -> [UInt8] in
      guard byte <= 0x20 || byte == 0x7F || ",~%\"".utf8.contains(byte) else { return [byte] }
      return Array(("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
