import Terminal
import Testing

/// What an output can show, from what is known about it.
struct TerminalStyleTests {
  private func style(_ isTerminal: Bool, _ columns: Int?, _ environment: [String: String]) -> TerminalStyle {
    TerminalStyle(isTerminal: isTerminal, windowColumns: columns) { environment[$0] }
  }

  @Test("the window decides the width, then COLUMNS, then 80")
  func width() {
    #expect(style(true, 132, ["COLUMNS": "50"]).width == 132)
    #expect(style(true, 0, ["COLUMNS": "50"]).width == 50)
    #expect(style(true, nil, ["COLUMNS": "many"]).width == 80)
    #expect(style(true, nil, ["COLUMNS": "-3"]).width == 80)
    #expect(style(true, nil, [:]).width == 80)
    #expect(style(false, 50, ["COLUMNS": "50"]).width == 120)
  }

  @Test("colours only on a terminal that has them and a user who wants them")
  func colours() {
    #expect(style(true, nil, ["TERM": "xterm"]).usesColour)
    #expect(style(true, nil, ["NO_COLOR": ""]).usesColour)
    #expect(!style(true, nil, ["TERM": "xterm", "NO_COLOR": "1"]).usesColour)
    #expect(!style(true, nil, ["TERM": "dumb"]).usesColour)
    #expect(!style(false, nil, ["TERM": "xterm"]).usesColour)
  }

  @Test("a line is rewritten on a terminal, with or without colours, but not on a dumb one")
  func rewriting() {
    #expect(style(true, nil, ["NO_COLOR": "1"]).canRewriteLine)
    #expect(!style(true, nil, ["TERM": "dumb"]).canRewriteLine)
    #expect(!style(false, nil, [:]).canRewriteLine)
  }
}
