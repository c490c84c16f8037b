internal import Model
internal import Runtime

/// What a scenario states of a saga.
struct SagaSettings: Sendable {
  /// How often a step is tried before the saga turns back.
  let attempts: Int
  /// The longest wait of a statement for a lock, and of a step for a record that another saga holds.
  let stepTimeout: Duration
  /// Share of steps that the service declines.
  var failureRate: Double
  /// Share of steps whose service answers late.
  var slowSteps: Double
  /// By how much.
  let slowFor: Duration
  /// Share of compensations that fail and have to be tried again.
  var compensationFailures: Double
  /// Share of compensations whose answer comes too late, so that they are sent again.
  var lateReplies: Double
  /// Whether records say which unfinished saga has changed them, and others wait for its end.
  let hasSemanticLock: Bool

  init(_ options: Options) {
    attempts = options.integer("attempts")
    stepTimeout = options.duration("step-timeout")
    failureRate = options.number("failure-rate")
    slowSteps = options.number("slow-steps")
    slowFor = options.duration("slow-for")
    compensationFailures = options.number("compensation-failures")
    lateReplies = options.number("late-replies")
    hasSemanticLock = options.flag("semantic-lock")
  }

  /// The same without failures on purpose: for whoever finishes what others have left.
  var undisturbed: SagaSettings {
    var settings = self
    (settings.failureRate, settings.slowSteps) = (0, 0)
    (settings.compensationFailures, settings.lateReplies) = (0, 0)
    return settings
  }

  /// The options; the controls need failures, or nothing would have to be undone.
  static func options(
    failureRate: Double = 0, lateReplies: Double = 0, slowSteps: Double = 0, stepTimeout: Duration = .seconds(1)
  ) -> [OptionSpecification] {
    [
      OptionSpecification(
        "attempts", .integer(1...100), default: .integer(5),
        "How often a step is tried, after waits with full jitter, before the saga turns back."),
      OptionSpecification(
        "step-timeout", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(stepTimeout),
        "The longest wait of a step for a lock, for the end of another saga, or for a late answer; whole milliseconds."),
      OptionSpecification(
        "failure-rate", .number(0...1), default: .number(failureRate),
        "Share of steps that the service declines: a payment, a delivery."),
      OptionSpecification(
        "slow-steps", .number(0...1), default: .number(slowSteps), "Share of steps whose service answers late."),
      OptionSpecification(
        "slow-for", .duration(.zero ... .seconds(60)), default: .duration(.milliseconds(50)),
        "How late; beyond `step-timeout`, the saga gives up and turns back, and the step arrives after that."),
      OptionSpecification(
        "compensation-failures", .number(0...1), default: .number(0),
        "Share of compensations that fail and are tried again; with 1, they hold only after the workers are gone."),
      OptionSpecification(
        "late-replies", .number(0...1), default: .number(lateReplies),
        "Share of compensations whose answer comes too late, so that they are sent again."),
      OptionSpecification(
        "semantic-lock", .flag, default: .flag(false),
        "Mark records as pending until their saga has ended; others wait for that."),
    ]
  }
}

/// What the sagas of a trial share.
struct SagaConfiguration: Sendable {
  /// How sessions are opened, for each database in order.
  let plans: [SessionPlan]
  let sharding: Sharding
  let settings: SagaSettings
  let care: SagaOrchestrator.SagaCare

  init(
    _ environment: StrategyEnvironment, _ settings: SagaSettings, _ care: SagaOrchestrator.SagaCare
  ) throws(SetupFailure) {
    guard let sharding = environment.sharding else { throw SetupFailure("a saga needs records in several databases") }
    var plans: [SessionPlan] = []
    for database in 0..<sharding.count {
      plans.append(
        try SessionPlan(
          try environment.database(database), SagaStatements.all(care.undo), isPipelined: true,
          lockTimeout: settings.stepTimeout))
    }
    self.plans = plans
    self.sharding = sharding
    self.settings = settings
    self.care = care
  }
}
