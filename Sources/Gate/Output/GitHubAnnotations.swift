extension GateVerdict {
  /// Workflow commands that show the worst on the page of a run on GitHub: at most five errors and five warnings, because
  /// GitHub silently drops those after the tenth, and one line for the rest.
  public var githubAnnotations: String {
    var errors: [(String, String)] = []
    var warnings: [(String, String)] = []
    for finding in findings where finding.conclusion != .passed || finding.isUnchecked {
      let entry = ("\(finding.kind.rawValue)\(finding.cell.map { ": \($0.title)" } ?? "")", finding.message)
      let isWarning = finding.isUnchecked || (finding.conclusion == .inconclusive && isOnlyWarning)
      if isWarning { warnings.append(entry) } else { errors.append(entry) }
    }
    for comparison in byWeight {
      let entry = ("\(comparison.cell.title): \(comparison.metric.title)", comparison.sentence)
      switch comparison.conclusion {
      case .regressed: errors.append(entry)
      case .inconclusive: if isOnlyWarning { warnings.append(entry) } else { errors.append(entry) }
      default: if comparison.waiver != nil { warnings.append(entry) }
      }
    }
    return Self.lines("error", errors) + Self.lines("warning", warnings)
  }

  private static func lines(_ command: String, _ entries: [(title: String, message: String)]) -> String {
    var lines = entries.prefix(5).map {
      "::\(command) title=\("contend gate: \($0.title)".inAnnotationProperty)::\($0.message.inAnnotation)\n"
    }
    if entries.count > 5 {
      lines.append("::\(command) title=contend gate::and \(entries.count - 5) more; see the summary\n")
    }
    return lines.joined()
  }
}
