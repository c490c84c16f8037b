internal import Model
internal import Results

extension Section {
  /// How to measure again what this report shows.
  static func commands(_ study: Study) -> Section? {
    let runs = study.runs.compactMap(Reproduction.command)
    guard !runs.isEmpty else { return nil }
    var blocks: [Block] = [.paragraph("Everything:"), .code(runs.map { $0 + "\n" }.joined(), language: "sh")]
    if let point = study.points.first, let cell = point.ordered.first {
      blocks += [
        .paragraph("A single cell:"),
        .code(Reproduction.command(of: cell, in: study.runs[point.run]) + "\n", language: "sh"),
      ]
    }
    let folders = study.runs.map(\.path).map(Reproduction.quoted).joined(separator: " ")
    blocks += [.paragraph("This report, from the results:"), .code("contend report \(folders)\n", language: "sh")]
    return Section(id: "commands", title: "Measure it again", blocks: blocks)
  }
}
