internal import Glibc
internal import Runtime

/// The driver's hold on its sweeper: a process that does nothing, until the driver is gone without having removed what
/// it has put on servers of somebody else.
final class SweeperProcess {
  private let partner: PartnerProcess<SweepMessage>

  /// How long it may take to stand by. A run goes on without it: it is there for the case that the driver is killed.
  private static let patience = Duration.seconds(5)

  /// Starts one, and waits until it stands by. To be called before anything is put on the servers.
  ///
  /// - Parameters:
  ///   - executable: this program.
  ///   - servers: URLs by name of service.
  init(executable: String, namespace: String, servers: [String: String]) throws(SystemFailure) {
    partner = try PartnerProcess(executable: executable, arguments: ["sweeper"])
    partner.send(.watch(driver: getpid(), namespace: namespace, servers: servers))
    _ = try? partner.answer(within: Self.patience, interruption: -1)
  }

  /// There is nothing left to do for it.
  func dismiss() {
    partner.send(.dismissed)
    partner.end(within: 2000)
  }
}
