public import Results

/// The report as files.
public enum ReportFiles {
  /// Name of the page.
  public static let page = "report.html"
  /// Name of the Markdown.
  public static let markdown = "report.md"

  /// Writes both into a folder, which is made if it is missing; earlier reports in it are replaced.
  ///
  /// - Returns: the path of the page.
  /// - Throws: one sentence when the folder cannot be written.
  @discardableResult
  public static func write(_ report: Report, to folder: String) throws(ResultsFailure) -> String {
    try WholeFile.makeFolder(folder)
    try WholeFile.write(report.markdown(), to: "\(folder)/\(markdown)")
    let path = "\(folder)/\(page)"
    try WholeFile.write(report.html(), to: path)
    return path
  }
}
