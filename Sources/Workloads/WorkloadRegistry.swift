public import Model

/// All workloads, in the order in which they are listed.
public enum WorkloadRegistry {
  /// The types. A new workload is one file and one entry here.
  public static let all: [any Workload.Type] = [
    CounterWorkload.self, StockWorkload.self, SeatsWorkload.self, TransferWorkload.self, ProfileWorkload.self,
    OnCallWorkload.self, ListAppendWorkload.self, PaymentWorkload.self, ClickWorkload.self, OrderWorkload.self,
    JobWorkload.self, ElectionWorkload.self, ScriptWorkload.self,
  ]

  /// What each of them is.
  public static var descriptors: [WorkloadDescriptor] { all.map { $0.descriptor } }

  /// What every strategy is tested with: the samples of each of them.
  public static var samples: [WorkloadSettings] { all.flatMap { $0.samples } }

  /// The workload with an id; nil when there is none.
  public static func type(withID id: String) -> (any Workload.Type)? { all.first { $0.descriptor.id == id } }

  /// The workload that settings ask for; options that they do not state have their defaults. Nil when no workload has
  /// the id. The caller has checked the limits of the options and ``Model/Workload/problem(in:)``.
  public static func make(_ settings: WorkloadSettings) -> (any Workload)? {
    guard let type = type(withID: settings.kind) else { return nil }
    var complete = settings
    complete.options = Options(type.descriptor.options, stated: settings.options.values)
    return type.init(complete)
  }
}
