/// One thing that is wrong with a scenario, and what to do about it.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
  /// Where a problem is.
  public enum Place: Sendable, Hashable {
    /// The file as a whole: it cannot be read, or it is empty.
    case file
    /// A position in the file; line and column count from 1, columns in characters.
    case position(line: Int, column: Int)
    /// An override from the command line, by its path.
    case override(String)
  }

  /// The file, as the user named it.
  public let path: String
  /// Where in it.
  public let place: Place
  /// The setting concerned, such as `load.workers`; nil when the sentence says it.
  public let subject: String?
  /// One sentence without credentials.
  public let message: String

  /// Makes a problem.
  public init(path: String, place: Place, subject: String? = nil, message: String) {
    self.path = path
    self.place = place
    self.subject = subject
    self.message = message
  }

  /// `path:line:column: subject: message`, or `--set subject: message` for an override.
  public var description: String {
    let sentence = subject.map { "\($0): \(message)" } ?? message
    switch place {
    case .file: return "\(path): \(sentence)"
    case .position(let line, let column): return "\(path):\(line):\(column): \(sentence)"
    case .override(let set): return "--set \(set): \(subject == set ? message : sentence)"
    }
  }
}

/// Everything that is wrong with a scenario, in the order of the file; overrides come last.
public struct ScenarioProblems: Error, Sendable, Equatable, CustomStringConvertible {
  /// The problems; never empty.
  public let problems: [Problem]

  /// Sorts problems by position.
  public init(_ problems: [Problem]) {
    self.problems = problems.enumerated()
      .sorted { Self.precedes($0, $1) }
      .map(\.element)
  }

  private static func rank(_ problem: Problem) -> (Int, Int) {
    switch problem.place {
    case .file: (0, 0)
    case .position(let line, let column): (line, column)
    case .override: (.max, .max)
    }
  }

  private static func precedes(
    _ left: (offset: Int, element: Problem), _ right: (offset: Int, element: Problem)
  ) -> Bool {
    let (first, second) = (rank(left.element), rank(right.element))
    return first == second ? left.offset < right.offset : first < second
  }

  /// One problem per line.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects problems while a file is read, so that all of them are told at once.
struct Diagnostics {
  /// The file, as the user named it.
  let path: String
  /// What was found so far, in the order of finding.
  private(set) var problems: [Problem] = []
  private var unreliable: Set<Problem.Place> = []

  /// Whether files that the scenario names are left unread: for one that is stored without them.
  let leavesFilesUnread: Bool

  init(path: String, leavesFilesUnread: Bool = false) {
    self.path = path
    self.leavesFilesUnread = leavesFilesUnread
  }

  /// Keeps further problems of a value away, once it is known to be nothing that the user meant.
  mutating func distrust(_ place: Problem.Place) { unreliable.insert(place) }

  mutating func report(_ place: Problem.Place, _ subject: String? = nil, _ message: String) {
    guard !unreliable.contains(place) else { return }
    problems.append(Problem(path: path, place: place, subject: subject, message: message))
  }

  /// Takes over problems that another reading of the same file has found.
  mutating func add(_ found: [Problem]) { problems += found }

  /// The same without problems: for one of several readings of the same file.
  func restarted() -> Diagnostics {
    var copy = self
    copy.problems = []
    return copy
  }
}
