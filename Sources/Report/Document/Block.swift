/// A piece of a section: what a page says, without a word of HTML or Markdown.
indirect enum Block: Sendable {
  case paragraph(Line)
  /// What a reader must know besides, in small print.
  case note(Line)
  case list([Line])
  /// Sentences by what they are about.
  case labelled([(label: String, lines: [Line])])
  /// A heading inside a section.
  case heading(String)
  case banner(Banner)
  case table(Table)
  /// Charts side by side where there is room; each carries its data as a table.
  case figures([Figure])
  /// Text as it is, such as a scenario file or a command.
  case code(String, language: String)
  /// Folded away until somebody asks.
  case details(summary: String, [Block])
}

/// The conclusion at the top of a page: one word, one sentence, a few counts.
struct Banner: Sendable {
  /// How it is to be taken; never told by colour alone.
  var tone: Tone
  var title: String
  var sentence: String
  /// Counts with what they count.
  var counts: [(value: String, label: String)]
}

/// How something is to be taken: colour and a mark repeat what the words say.
enum Tone: String, Sendable {
  case neutral, good, doubtful, bad
}
