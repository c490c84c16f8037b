public import Model
public import Scripts

/// A session that runs the statements of a user's scripts. How a script goes on from one statement to the next, what its
/// outcome is and what is acknowledged, is the same for all of them: ``ScriptStrategy``.
///
/// Opening it prepares every statement of every script where the mode says so, refuses names that neither a script nor a
/// column defines, and fails with file, line and column where the server refuses a statement.
public protocol ScriptClient: WorkerSession, ~Copyable {
  /// Whether a transaction block is open, as the server said last; also one that has failed.
  var isInTransaction: Bool { get }
  /// Runs a statement and waits for its answer. Inside a pipeline it is only sent.
  ///
  /// What it captures goes into the variables.
  ///
  /// - Parameters:
  ///   - script: position of the script in the program.
  ///   - statement: position of the statement in the script.
  ///   - decides: whether the effect of the operation depends on the answer. Then a lost one is
  ///     ``AttemptFailure/ambiguous``.
  /// - Returns: how many rows it changed, or returned if it changes none; 0 inside a pipeline.
  /// - Throws: also when `\gset` gets another number of rows than one.
  mutating func run(
    script: Int, statement: Int, _ variables: inout ScriptVariables, decides: Bool
  ) async throws(AttemptFailure) -> Int
  /// Sends statements together from here on.
  mutating func startPipeline() throws(AttemptFailure)
  /// Waits for the answers to all statements since the pipeline was started or synchronised.
  mutating func synchronisePipeline(decides: Bool) async throws(AttemptFailure)
  /// Sends statements one by one again; the answers are all there.
  mutating func endPipeline() async throws(AttemptFailure)
  /// Whether the error of the last failure has a SQLSTATE, is of a class of two characters, or has a number.
  func lastError(is code: String) -> Bool
  /// Ends a transaction that is open without storing anything.
  mutating func rollBack() async
  /// Leaves nothing of a failed attempt behind, says how it failed, and keeps the text of an error that is no part of the
  /// game.
  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure
  /// Runs all timeless checks of the program in one snapshot, in a session of its own, and keeps the first rows that are
  /// found where ``StoreAdministration/auditFindings(_:limit:)`` looks.
  ///
  /// - Returns: whether all of them held.
  mutating func audit(_ program: ScriptProgram) async throws(AttemptFailure) -> Bool
}

extension ScriptProgram {
  /// Compiles settings that readers of scenarios have compiled before.
  public static func compiled(_ settings: ScriptSettings) throws(SetupFailure) -> ScriptProgram {
    do throws(ScriptProblems) { return try ScriptProgram(settings) } catch {
      throw SetupFailure(error.all.first?.description ?? "a script cannot be read")
    }
  }
}

extension StrategyEnvironment {
  /// The user's transactions, compiled.
  public func program() throws(SetupFailure) -> ScriptProgram {
    guard let script else { throw SetupFailure("it runs nothing but scripts") }
    return try ScriptProgram.compiled(script)
  }
}
