import Model
import Terminal
import Testing

/// The exact bytes of the progress report.
struct ProgressLineTests {
  /// Collects what is written, and is the clock.
  private final class Recording {
    var text = ""
    var nanoseconds: Int64 = 0
    @discardableResult func take() -> String {
      defer { text = "" }
      return text
    }
  }

  private func line(_ style: TerminalStyle, _ recording: Recording, trials: Int = 3) -> ProgressLine {
    ProgressLine(trials: trials, style: style, write: { recording.text += $0 }, now: { recording.nanoseconds })
  }

  private func planned(_ position: Int, strategy: String = "postgres.for-update") -> PlannedTrial {
    PlannedTrial(
      cell: Cell(strategy: strategy, workers: 8), strategyIndex: 0, repetition: 1, position: position, seed: 1)
  }

  private static let terminal = TerminalStyle(width: 120, isTerminal: true, canRewriteLine: true)

  @Test("on a terminal one line is rewritten in place and taken away at the end")
  func terminal() {
    let recording = Recording()
    var progress = line(Self.terminal, recording)
    progress.begin(planned(1))
    #expect(recording.take() == "\r[1/3] postgres.for-update, 8 workers, repetition 1  starting\u{1B}[K")
    progress.show(ProgressView(elapsed: -0.5, committedPerSecond: 12.5, p99Nanoseconds: nil, failedAttempts: 1))
    #expect(
      recording.take()
        == "\r[1/3] postgres.for-update, 8 workers, repetition 1  warming up  12.5/s  1 retry\u{1B}[K")
    recording.nanoseconds = 10_000_000_000
    progress.end(SampleTrials.trial("postgres.for-update"))
    #expect(recording.take().isEmpty)
    progress.begin(planned(2))
    recording.take()
    recording.nanoseconds += 4_000_000_000
    progress.show(ProgressView(elapsed: 3, committedPerSecond: 6543, p99Nanoseconds: 2_100_000, failedAttempts: 1200))
    #expect(
      recording.take()
        == "\r[2/3] postgres.for-update, 8 workers, repetition 1  6,543/s  p99 2.10 ms  1,200 retries  about 16 s left\u{1B}[K"
    )
    progress.clear()
    #expect(recording.take() == "\r\u{1B}[K")
    progress.clear()
    #expect(recording.take().isEmpty)
  }

  @Test("a trial that takes longer than the others leaves no negative time")
  func longTrial() {
    let recording = Recording()
    var progress = line(Self.terminal, recording)
    progress.begin(planned(1))
    recording.nanoseconds = 1_000_000_000
    progress.end(SampleTrials.trial("postgres.for-update"))
    progress.begin(planned(2))
    recording.nanoseconds += 60_000_000_000
    progress.show(ProgressView(elapsed: 60, committedPerSecond: 1, p99Nanoseconds: nil, failedAttempts: 0))
    #expect(recording.text.hasSuffix("about 1 s left\u{1B}[K"))
  }

  @Test("the line never reaches the last column", arguments: [20, 40, 80])
  func truncation(width: Int) {
    let recording = Recording()
    var progress = line(TerminalStyle(width: width, isTerminal: true, canRewriteLine: true), recording)
    progress.begin(planned(1, strategy: String(repeating: "long", count: 40)))
    #expect(recording.text.count == "\r".count + width - 1 + "\u{1B}[K".count)
  }

  @Test("elsewhere each trial that ends gets one plain line")
  func plain() {
    let recording = Recording()
    var progress = line(TerminalStyle(width: 120), recording, trials: 18)
    progress.begin(planned(3))
    progress.show(ProgressView(elapsed: 1, committedPerSecond: 5, p99Nanoseconds: 5, failedAttempts: 0))
    #expect(recording.take().isEmpty)
    progress.end(SampleTrials.trial("postgres.for-update", position: 3, committed: 40_000))
    #expect(
      recording.take() == "[3/18] postgres.for-update, 8 workers, repetition 1: 4,000/s, p99 3.96 ms, pass\n")
    progress.end(
      SampleTrials.trial("memory.none", workers: 1, position: 4, committed: 10, lost: 2, expectation: .violation))
    #expect(recording.take() == "[4/18] memory.none, 1 worker, repetition 1: 1.00/s, VIOLATION (expected)\n")
    var failed = SampleTrials.trial("memory.none", position: 5)
    failed.failure = "worker process died\nbadly"
    progress.end(failed)
    #expect(recording.take() == "[5/18] memory.none, 8 workers, repetition 1: failed: worker process died badly\n")
    progress.clear()
    #expect(recording.take().isEmpty)
  }
}
