import Model
import ScenarioReader

/// A small vocabulary with one of each: messages and the schema of these tests depend on nothing else.
enum TestVocabulary {
  static let counter = WorkloadDescriptor(id: "counter", summary: "Lost updates.")
  static let stock = WorkloadDescriptor(
    id: "stock", summary: "Oversell.",
    options: [
      OptionSpecification("initial", .integer(0...1_000_000), default: .integer(1000), "Units at the start."),
      OptionSpecification("restock", .flag, default: .flag(false), "Whether units come back."),
    ])
  static let transfer = WorkloadDescriptor(
    id: "transfer", summary: "Conservation.",
    options: [
      OptionSpecification("order", .word(["sorted", "unordered"]), default: .word("sorted"), "Order of locks."),
      OptionSpecification("share", .number(0...1), default: .number(0.5), "Share of transfers."),
    ], minimumKeys: 2)

  static let mutex = StrategyDescriptor(
    id: "memory.mutex", aliases: ["mutex"], summary: "A mutex.", documentation: .sample, store: "memory",
    stores: ["postgres", "redis"], scope: .process, threading: .perWorker)
  static let cas = StrategyDescriptor(
    id: "memory.cas", aliases: ["cas"], summary: "Compare and swap.", documentation: .sample, store: "memory",
    scope: .host, threading: .perWorker, applicability: .singleKey)
  static let fetchAdd = StrategyDescriptor(
    id: "memory.fetch-add", summary: "An atomic addition.", documentation: .sample, store: "memory", scope: .host,
    threading: .perWorker, applicability: .unguardedAdd)
  static let none = StrategyDescriptor(
    id: "memory.none", summary: "No protection.", documentation: .sample, store: "memory", scope: .process,
    threading: .perWorker, grade: .required)
  static let forUpdate = StrategyDescriptor(
    id: "postgres.for-update", aliases: ["db-pessimistic"], summary: "A row lock.", documentation: .sample,
    store: "postgres",
    options: [
      OptionSpecification(
        "lock-timeout", .duration(.milliseconds(1) ... .seconds(60)), default: .duration(.seconds(1)),
        "Limit of a wait."),
      OptionSpecification("pipeline", .flag, default: .flag(false), "Send statements together."),
    ], scope: .network, threading: .perConnection)
  static let redisLock = StrategyDescriptor(
    id: "redis.lock", aliases: ["redis-lock"], summary: "SET NX PX.", documentation: .sample, needs: ["redis"],
    store: "redis", stores: ["memory", "postgres"],
    options: [
      OptionSpecification(
        "ttl", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(10)), "Life of the lock."),
      OptionSpecification("spread", .number(0...1), default: .number(0.25), "Jitter of polling."),
    ], scope: .network, threading: .shared)

  static let pause = FaultDescriptor(
    id: "pause-worker", summary: "Stops a worker.", subject: .workers, length: .share(0.2),
    options: [
      OptionSpecification(
        "target", .wordOrInteger(["any", "holder"], 0...9), default: .word("holder"), "Whose process.")
    ])
  static let cut = FaultDescriptor(
    id: "cut-connection", summary: "Cuts connections.", subject: .service,
    options: [OptionSpecification("share", .share, default: .number(1), "Of the connections.")])

  static let reader = ScenarioReader(
    vocabulary: Vocabulary(
      workloads: [counter, stock, transfer], strategies: [none, mutex, cas, fetchAdd, forUpdate, redisLock],
      faults: [pause, cut],
      services: [
        ServiceDescriptor("postgres", schemes: ["postgresql", "postgres"]),
        ServiceDescriptor("redis", schemes: ["redis", "rediss", "unix"]),
      ],
      composed: { name in
        name == "redis.lock over postgres.for-update" ? StrategyDescriptor(redisLock, around: forUpdate) : nil
      },
      problem: { settings in
        settings.kind == "stock" && settings.options.integer("initial") < settings.keys
          ? "\(settings.keys) keys need at least as many units, but initial is \(settings.options.integer("initial"))"
          : nil
      },
      applicability: { settings in
        switch settings.kind {
        case "counter": .unguardedAdd
        case "stock": .singleKey
        default: .any
        }
      },
      isOrdered: { $0.options.values["order"] != .word("unordered") },
      faultProblems: { scenario in
        scenario.faults.enumerated().filter { $1.kind == "pause-worker" && scenario.load.processes == 1 }
          .map { ($0.offset, "there is one process only") }
      }))
}

/// A scenario that sweeps nothing has its settings in its only variant.
extension Scenario {
  var workload: WorkloadSettings { variants[0].workload }
  var load: LoadSettings { variants[0].load }
  var retry: RetryPolicy { variants[0].retry }
}

/// The messages for a text, one per line; empty when it is in order.
func messages(_ text: String, path: String = "a.yaml", set overrides: [String] = []) -> [String] {
  do throws(ScenarioProblems) {
    _ = try TestVocabulary.reader.read(text: text, path: path, overrides: overrides.compactMap(Override.init(parsing:)))
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

/// A scenario that must be in order.
func scenario(_ text: String, path: String = "a.yaml", set overrides: [String] = []) throws -> Scenario {
  try TestVocabulary.reader.read(text: text, path: path, overrides: overrides.compactMap(Override.init(parsing:)))
}
