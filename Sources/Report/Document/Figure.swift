internal import Charts

/// A chart with the same data as a table.
struct Figure: Sendable {
  /// What is shown, and where.
  var title: String
  /// How it is read, or what it shows; empty when the title says it all.
  var caption = ""
  /// The picture.
  var chart: any Chart
  /// The data.
  var table: Table
  /// What short names in the table stand for.
  var key: Table?
  /// Whether another table of the section says the same, so that a page without charts leaves it out.
  var isToldElsewhere = false
}
