public import Analysis
public import Results

/// A report of one or several runs, as a page and as Markdown: what was measured, in the order in which people ask.
///
/// The same runs give the same bytes: there is no clock in it, and every number has a fixed format.
public struct Report: Sendable {
  private let heading: ReportHeading
  private let sections: [Section]

  /// Makes the report.
  ///
  /// - Parameters:
  ///   - runs: at least one; strategies of all of them share marks and colours.
  ///   - lookup: what is known of strategies; without it some sentences and limits are left out.
  public init(_ runs: [StoredRun], lookup: @escaping StrategyLookup = { _, _ in nil }) {
    let study = Study(runs, lookup: lookup)
    heading = ReportHeading(study)
    sections = Section.all.compactMap { $0(study) }
  }

  /// One self-contained page: it loads nothing, needs no script and is well-formed XML.
  public func html() -> String { HTMLPage.text(heading, sections) }

  /// GitHub Flavored Markdown.
  public func markdown() -> String {
    MarkdownRenderer.page(heading, sections)
  }
}
