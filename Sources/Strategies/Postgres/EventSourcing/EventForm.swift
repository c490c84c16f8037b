internal import Model
internal import Runtime

/// How events are appended so that nobody else has appended to the streams since they were read.
protocol EventForm: Sendable, SendableMetatype {
  /// What the strategy is.
  static var descriptor: StrategyDescriptor { get }
  /// The statements of its own.
  static var statements: [Statement] { get }
  /// Whether an attempt is a transaction of several statements.
  static var isTransaction: Bool { get }
  /// What the projection does whatever the scenario says; nil where the option `poll` decides.
  static var polling: Polling? { get }
  /// Makes what a worker needs.
  init(_ environment: StrategyEnvironment)
  /// Before the streams are read.
  mutating func begin(_ connection: inout Connection, _ attempt: inout Attempt) async throws(AttemptFailure)
  /// Appends what ``EventSourced`` has put into the first five parameters: streams, versions, amounts, and by whom and
  /// in which operation. The answer has the stream, the position and the transaction of each event.
  func append(_ connection: inout Connection) async throws(AttemptFailure)
}

extension EventForm {
  static var isTransaction: Bool { false }
  static var polling: Polling? { nil }
  mutating func begin(_ connection: inout Connection, _ attempt: inout Attempt) async throws(AttemptFailure) {}
}

/// What all forms do after they have appended, and how they read.
struct EventSettings: Sendable {
  let snapshotInterval: Int64
  let polling: Polling
  /// Nanoseconds from one poll of the projection to the next.
  let pollInterval: Int64
  let readsModel: Bool
  let readsOwnWrites: Bool
  /// Nanoseconds that a reader waits for its own writes.
  let waitLimit: Int64

  /// The names of the stages that are recorded.
  static let stages = ["append", "lag", "wait"]
  /// From the request to append to the confirmed commit.
  static let appendStage = 0
  /// From the append of an event to the confirmed commit of the projection that has applied it.
  static let lagStage = 1
  /// What a reader has waited before the question that found its own writes in the read model.
  static let waitStage = 2

  init<Form: EventForm>(_ environment: StrategyEnvironment, _: Form.Type) {
    let options = environment.options
    snapshotInterval = Int64(options.integer("snapshot-every"))
    polling = Form.polling ?? Polling(rawValue: options.word("poll")) ?? .gapAware
    pollInterval = options.duration("poll-every").nanoseconds
    readsOwnWrites = options.flag("read-your-writes")
    readsModel = readsOwnWrites || options.flag("read-model")
    waitLimit = options.duration("wait-limit").nanoseconds
  }

  /// The options of all forms.
  static let options = [
    OptionSpecification(
      "snapshot-every", .integer(0...1_000_000), default: .integer(100),
      "Store the value of a stream after so many of its events, so that only later ones are added up; 0 for never."),
    OptionSpecification(
      "poll-every", .duration(.microseconds(100) ... .seconds(60)), default: .duration(.milliseconds(2)),
      "How long the projection waits from one look for new events to the next."),
    OptionSpecification(
      "read-model", .flag, default: .flag(false),
      "Answer operations that only read from the read model, which lags behind, and not from the events."),
    OptionSpecification(
      "read-your-writes", .flag, default: .flag(false),
      "The same, but wait until what the worker itself has appended is in the read model."),
    OptionSpecification(
      "wait-limit", .duration(.milliseconds(1) ... .seconds(600)), default: .duration(.seconds(2)),
      "How long such a read waits at most; then the attempt fails as not-acquired."),
  ]

  /// The option of the forms that leave the choice.
  static let pollOption = OptionSpecification(
    "poll", .word(Polling.allCases.map(\.rawValue)), default: .word(Polling.gapAware.rawValue),
    "How the projection finds new events: by finished transactions, or by the number behind the last one it saw.")
}
