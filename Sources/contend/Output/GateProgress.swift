internal import Gate
internal import Runs
internal import Runtime
internal import Terminal
internal import Words

/// Shows on standard error how far a live gate is: on a terminal one line that is rewritten in place, else one line for
/// each block.
struct GateProgress: GateObserver {
  private let isQuiet: Bool
  private let style = TerminalStyle.standardError
  private let begun = monotonicNow()
  /// Seconds that everything was expected to take, and those of what is done: their ratio corrects the expectation.
  private var expected = 0.0
  private var done = 0.0
  private var isLineShown = false

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  mutating func begin(_ extent: String, seconds: Double) {
    expected = seconds
    announce(extent)
  }

  mutating func begin(_ slice: GateSchedule.Slice, block: Int, of blocks: Int) {
    guard !isQuiet, style.canRewriteLine else { return }
    let parts = ["block \(block)/\(blocks)", slice.cell.title, slice.side.rawValue] + [left].compactMap { $0 }
    writeToStandardError("\r\(parts.joined(separator: "  ").prefix(max(1, style.width - 1)))\u{1B}[K")
    isLineShown = true
  }

  mutating func advance(by seconds: Double) { done += seconds }

  mutating func end(block: Int, of blocks: Int) {
    guard !style.canRewriteLine else { return }
    announce((["block \(block) of \(blocks) measured"] + [left].compactMap { $0 }).joined(separator: ", "))
  }

  mutating func announce(_ text: String) {
    guard !isQuiet else { return }
    clear()
    writeToStandardError("\(text)\n")
  }

  mutating func end() { clear() }

  mutating func leave(behind message: String) { CommandLineProgram.printError("could not clean up: \(message)") }

  /// Takes the line away.
  private mutating func clear() {
    guard isLineShown else { return }
    writeToStandardError("\r\u{1B}[K")
    isLineShown = false
  }

  private var left: String? {
    guard done > 0, expected > done else { return nil }
    let seconds = Double(monotonicNow() - begun) / 1e9
    return "about \(formatTimeLeft(seconds: seconds / done * (expected - done))) left"
  }
}
