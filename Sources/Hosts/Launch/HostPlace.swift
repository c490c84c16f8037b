/// Which of how many hosts this process is for, as the engine that has started it tells by its variables.
///
/// A rank is only a wish for a place: two pods may hold one index. Engines number from 0; in an indexed Job index 0 is the
/// driver's.
public struct HostPlace: Sendable, Equatable {
  /// The place, from 0; nil when nobody tells.
  public let rank: Int?
  /// How many hosts there are; nil when nobody tells.
  public let count: Int?
  /// Who has started it: `slurm`, `openmpi`, `pmix`, `pmi`, `flux`, `pbs`, `kubernetes`, or `none`.
  public let engine: String

  /// An engine and its variables: one of them must be there, then these tell rank and count.
  private struct Rule {
    let engine: String
    let rank: String
    var count: String?
    /// Another variable without which the rank means something else.
    var presence: String?
  }

  /// In this order: mpirun inside Slurm sets the variables of both, and so does srun with PMIx. In a batch script, which is
  /// no step, SLURM_NODEID is no place among the hosts.
  private static let rules = [
    Rule(engine: "openmpi", rank: "OMPI_COMM_WORLD_RANK", count: "OMPI_COMM_WORLD_SIZE"),
    Rule(engine: "slurm", rank: "SLURM_NODEID", count: "SLURM_STEP_NUM_NODES", presence: "SLURM_STEP_ID"),
    Rule(engine: "pmix", rank: "PMIX_RANK"),
    Rule(engine: "pmi", rank: "PMI_RANK", count: "PMI_SIZE"),
    Rule(engine: "flux", rank: "FLUX_TASK_RANK", count: "FLUX_JOB_SIZE"),
    Rule(engine: "pbs", rank: "PBS_ARRAY_INDEX"),
    Rule(engine: "kubernetes", rank: "JOB_COMPLETION_INDEX"),
  ]

  /// Reads the variables. `CONTEND_RANK` and `CONTEND_HOSTS` overrule those of engines.
  ///
  /// - Parameter environment: all variables of the process by name.
  public init(environment: [String: String]) {
    func number(_ name: String?, from least: Int) -> Int? {
      name.flatMap { environment[$0] }.flatMap { Int($0) }.flatMap { $0 >= least ? $0 : nil }
    }
    let rule = Self.rules.first { rule in
      number(rule.rank, from: 0) != nil && (rule.presence.map { environment[$0] != nil } ?? true)
    }
    rank = number("CONTEND_RANK", from: 0) ?? number(rule?.rank, from: 0)
    count = number("CONTEND_HOSTS", from: 1) ?? number(rule?.count, from: 1)
    engine = rule?.engine ?? "none"
  }
}
