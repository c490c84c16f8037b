internal import Model

/// What an agent says of itself when it joins.
///
/// Both sides must be of one build: a layout of shared memory or a counter that differs would merge nonsense. The name of
/// the host is for people; who an agent is tells ``identity``.
struct HostHello: Codable, Sendable, Equatable {
  /// ``HostMessage/version``.
  var version: Int
  /// The build: version of the program, its frames and counters, and its backends.
  var build: String
  /// SHA-256 of the executable, 64 hexadecimal digits; empty when it could not be read.
  var executable: String
  /// As the host calls itself.
  var host: String
  /// Tells machines apart that share a name: the kernel's boot id.
  var machine: String
  /// Tells agents apart: one each time that one is started.
  var identity: String
  /// Processors that are online.
  var processors: Int
  /// What started it: `slurm`, `openmpi`; `none` when nobody says.
  var engine: String
  /// The place that it was started for; nil when any will do.
  var rank: Int?
  /// Hosts that its engine has started; nil when nobody says.
  var count: Int?
  /// The trial that it is in the middle of: it has lost its connection and comes back.
  var resumes: UInt32?
  /// The trial whose evidence another agent of its place has left behind, and that it brings.
  var delivers: UInt32?

  /// Why an agent cannot take part in a run of another, in one sentence that names both; nil when it can.
  ///
  /// - Parameter allowsOtherBuild: whether another executable with the same version and backends will do.
  func obstacle(to other: HostHello, allowsOtherBuild: Bool) -> String? {
    if version != other.version || build != other.build {
      return "\(host) runs \(build), the driver \(other.build); use one build on all hosts"
    }
    if !allowsOtherBuild, !executable.isEmpty, !other.executable.isEmpty, executable != other.executable {
      return
        "\(host) runs another executable of the same version; copy the driver's file to all hosts, "
        + "or state --allow-other-build"
    }
    return nil
  }
}
