internal import ArgumentParser
internal import Checking
internal import Model
internal import Results
internal import Runs
internal import Words

/// `contend check`: judges histories, of runs or from elsewhere, once more.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Judge recorded histories: of a run with --history, or from Jepsen.",
    discussion: """
      A path is a results folder, whose histories are all judged, or a file: .jsonl as contend run --history writes it, \
      .edn with events as Knossos and Elle read them, .log with the lines of a Jepsen log. Without --checker the \
      checkers follow from what a history has. The checkers:

      \(HistoryJudge().all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

      Exit codes: 0 all histories pass, 2 one has a violation, 3 one cannot be told, 64 usage, 65 a file cannot be read.
      """)

  @Argument(help: ArgumentHelp("Results folders and files with histories.", valueName: "path"))
  var paths: [String] = []

  @Option(help: ArgumentHelp("Judge with this checker; may be repeated.", valueName: "name"))
  var checker: [String] = []

  @Option(
    help: ArgumentHelp(
      "What the database promises of transactions: \(Isolation.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "level"))
  var isolation = Isolation.serializable.rawValue

  @Option(help: ArgumentHelp("Steps after which a search for an order gives up.", valueName: "steps"))
  var budget = Linearizability.defaultBudget

  func validate() throws {
    if paths.isEmpty { throw ValidationError("name at least one history, or a results folder of a run with --history") }
    if budget < 1 { throw ValidationError("--budget \(budget): at least one step is needed") }
    if Isolation(rawValue: isolation) == nil {
      let known = Isolation.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--isolation \(isolation): there is none; the levels are \(known)")
    }
    let known = HistoryJudge().all.map(\.name)
    if let unknown = checker.first(where: { !known.contains($0) }) {
      throw ValidationError("--checker \(unknown): there is none; the checkers are \(known.joined(separator: ", "))")
    }
  }

  func run() throws {
    Interruption.unblock()
    var verdicts: [Verdict] = []
    var unreadable: [String] = []
    for path in paths {
      do throws(ResultsFailure) {
        for file in try StoredHistories.files(at: path) {
          do throws(ResultsFailure) { verdicts.append(try judge(file)) } catch { unreadable.append(error.message) }
        }
      } catch { unreadable.append(error.message) }
    }
    if !unreadable.isEmpty { throw CommandFailure(.badData, unreadable.joined(separator: "\n")) }
    let all = formatCount(verdicts.count)
    switch verdicts.max() ?? .unknown {
    case .pass: return
    case .violation:
      let count = verdicts.count { $0 == .violation }
      throw CommandFailure(.violation, "\(formatCount(count)) of \(all) histories with a violation")
    case .unknown:
      let count = verdicts.count { $0 == .unknown }
      throw CommandFailure(.inconclusive, "\(formatCount(count)) of \(all) histories of which it cannot be told")
    }
  }

  /// Prints what the checkers say of one file, and returns the worst verdict.
  private func judge(_ file: String) throws(ResultsFailure) -> Verdict {
    let history = try read(file)
    let judge = HistoryJudge(isolation: Isolation(rawValue: isolation) ?? .serializable, budget: budget)
    let checkers =
      checker.isEmpty ? judge.checkers(for: history) : judge.all.filter { checker.contains($0.name) }
    if checkers.isEmpty {
      print("\(file): unknown: the history has no operation that a checker could judge")
      return .unknown
    }
    var worst = Verdict.pass
    for checker in checkers {
      let judgement = checker.check(history)
      print(judgement.text(of: file), terminator: "")
      worst = max(worst, judgement.result.verdict)
    }
    return worst
  }

  private func read(_ file: String) throws(ResultsFailure) -> History {
    guard let format = HistoryFormat(ofFile: file) else {
      throw ResultsFailure("\(file): a history ends in .jsonl, .edn or .log; rename the file", kind: .reading)
    }
    let bytes = try StoredHistories.bytes(of: file)
    do throws(HistoryProblem) { return try format.read(bytes) } catch {
      throw ResultsFailure("\(file):\(error)", kind: .reading)
    }
  }
}

extension HistoryJudgement {
  /// Lines for the terminal.
  fileprivate func text(of file: String) -> String {
    let operations = counted(Int(result.examined), "operation")
    var lines: [String] = []
    switch result.verdict {
    case .pass: lines = ["\(file): pass: \(result.checker), \(operations)"]
    case .unknown: lines = ["\(file): unknown: \(result.checker): \(result.remark ?? "nothing was examined")"]
    case .violation:
      lines = ["\(file): VIOLATION: \(result.checker), \(operations)"]
      lines += result.violations.map { violation in
        let place = violation.key.map { ", record \($0)" } ?? ""
        return "  \(violation.kind.rawValue)\(place): \(violation.observed): \(violation.evidence)"
      }
    }
    lines += notes.map { "  \($0)" }
    return lines.map { $0.printable + "\n" }.joined()
  }
}
