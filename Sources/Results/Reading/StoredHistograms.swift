internal import Model

/// The lines of `latency.hlog` by tag; each is decoded when it is asked for.
struct StoredHistograms {
  private let path: String
  private var lines: [String: (line: Int, payload: Substring)] = [:]

  /// Reads the log of a folder.
  init(folder: String) throws(ResultsFailure) {
    path = folder + "/" + HistogramLog.file
    for (index, line) in try StoredFile(path).lines().enumerated() where !line.isEmpty {
      if line.hasPrefix("#") || line.hasPrefix("\"StartTimestamp\"") { continue }
      let parts = line.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 5, parts[0].hasPrefix("Tag=") else {
        throw damaged(index + 1, "not a tagged line of a histogram log")
      }
      let tag = String(parts[0].dropFirst("Tag=".count))
      guard lines.updateValue((index + 1, parts[4]), forKey: tag) == nil else {
        throw damaged(index + 1, "a second histogram with the tag '\(tag)'")
      }
    }
  }

  /// The histogram of a trial and a kind of time; an empty one when the log has none.
  func histogram(_ tag: String, _ kind: String, _ layout: HistogramLayout) throws(ResultsFailure) -> HistogramSnapshot {
    guard let entry = lines["\(tag)~\(kind)"] else { return HistogramSnapshot(layout) }
    guard let histogram = HistogramEncoding.decode(String(entry.payload)), histogram.layout == layout else {
      throw damaged(entry.line, "the histogram is damaged, or contend did not write it")
    }
    return histogram
  }

  private func damaged(_ line: Int, _ problem: String) -> ResultsFailure {
    ResultsFailure(path, line: line, problem, remedy: StoredRow.remedy)
  }
}
