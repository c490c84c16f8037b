/// A part of the report: a pure function of the study, absent when it has nothing to show.
struct Section: Sendable {
  /// Its anchor on the page.
  var id: String
  var title: String
  /// How to read what follows, for somebody who has never seen it.
  var introduction: Line = ""
  var blocks: [Block]
}
