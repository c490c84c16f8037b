#if ZooKeeper
import Model
import Runtime

@testable import ZooKeeperStrategies

/// An administration whose own session has another timeout than that of a run.
enum ZooKeeperSession {
  static func administration(
    _ url: String, _ namespace: String, timeout: Duration
  ) throws -> any StoreAdministration {
    try ZooKeeperAdministration(url: url, namespace: namespace, sessionTimeout: timeout)
  }
}
#endif
