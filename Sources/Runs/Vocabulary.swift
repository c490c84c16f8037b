public import ScenarioReader
internal import StrategyCatalog
internal import Workloads
internal import Engine
internal import Model

/// The words that scenario files may use in this program.
extension Vocabulary {
  /// Every workload and every strategy that this program was built with.
  public static let program = Vocabulary(
    workloads: WorkloadRegistry.descriptors, strategies: StrategyCatalog.descriptors,
    faults: FaultRegistry.descriptors, services: StrategyCatalog.services, missing: StrategyCatalog.missing,
    composed: StrategyCatalog.descriptor(named:),
    problem: { WorkloadRegistry.type(withID: $0.kind)?.problem(in: $0) },
    applicability: { WorkloadRegistry.make($0)?.applicability ?? .any },
    isOrdered: { WorkloadRegistry.make($0)?.isOrdered ?? true }, faultProblems: FaultRegistry.problems(in:),
    hostProblems: HostObstacles.problems(in:))

  /// The same for a scenario that is kept beside its results: the programs and files that it names need not be there any more.
  public static let ofResults = {
    var vocabulary = program
    vocabulary.findsFiles = false
    return vocabulary
  }()
}
