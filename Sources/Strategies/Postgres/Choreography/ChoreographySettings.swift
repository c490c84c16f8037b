internal import Model
internal import Runtime

/// What a scenario states of a choreographed saga.
struct ChoreographySettings: Sendable {
  /// How often an event is tried before it becomes a dead letter.
  let attempts: Int
  /// The longest wait of a statement for a lock.
  let stepTimeout: Duration
  /// How long the worker waits for the end of its saga.
  let endTimeout: Duration
  /// Share of steps that the service declines.
  var failureRate: Double
  /// Share of events that come again after they have taken effect.
  var redeliveries: Double

  init(_ options: Options) {
    attempts = options.integer("attempts")
    stepTimeout = options.duration("step-timeout")
    endTimeout = options.duration("end-timeout")
    failureRate = options.number("failure-rate")
    redeliveries = options.number("redeliveries")
  }

  /// The same without failures on purpose: for whoever finishes what others have left.
  var undisturbed: ChoreographySettings {
    var settings = self
    (settings.failureRate, settings.redeliveries) = (0, 0)
    return settings
  }

  /// The options; the control needs events that come again.
  static func options(redeliveries: Double = 0) -> [OptionSpecification] {
    [
      OptionSpecification(
        "attempts", .integer(1...100), default: .integer(5),
        "How often an event is tried, after waits with full jitter, before it becomes a dead letter; lost connections do "
          + "not count."),
      OptionSpecification(
        "step-timeout", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(1)),
        "The longest wait of a step for a lock; whole milliseconds."),
      OptionSpecification(
        "end-timeout", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(5)),
        "How long a worker waits for the end of its saga; then the outcome is unknown to it."),
      OptionSpecification(
        "failure-rate", .number(0...1), default: .number(0),
        "Share of steps that the service declines: a payment, a delivery."),
      OptionSpecification(
        "redeliveries", .number(0...1), default: .number(redeliveries),
        "Share of events that are delivered once more after they have taken effect."),
    ]
  }
}

/// What the services of a trial share.
struct ChoreographyConfiguration: Sendable {
  /// How sessions are opened, for each database in order.
  let plans: [SessionPlan]
  let sharding: Sharding
  let settings: ChoreographySettings
  /// Whether a service asks whether it has done a step before.
  let isCareful: Bool
  /// Workers over all processes.
  let workers: Int

  init(
    _ environment: StrategyEnvironment, _ settings: ChoreographySettings, isCareful: Bool
  ) throws(SetupFailure) {
    guard let sharding = environment.sharding else { throw SetupFailure("a saga needs records in several databases") }
    let begin = isCareful ? SagaStatements.begin : ChoreographyStatements.beginAgain
    var plans: [SessionPlan] = []
    for database in 0..<sharding.count {
      plans.append(
        try SessionPlan(
          try environment.database(database), ChoreographyStatements.all + [begin], isPipelined: true,
          lockTimeout: settings.stepTimeout))
    }
    self.plans = plans
    self.sharding = sharding
    self.settings = settings
    self.isCareful = isCareful
    workers = environment.workers
  }

  /// The row of a step.
  var begin: Statement { isCareful ? SagaStatements.begin : ChoreographyStatements.beginAgain }

  /// The services that a worker is an instance of: each has one at least.
  func services(of worker: Int) -> [Int] {
    workers >= sharding.count
      ? [worker % sharding.count] : (0..<sharding.count).filter { $0 % workers == worker }
  }
}
