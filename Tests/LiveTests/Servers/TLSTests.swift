#if Etcd && DynamoDB
import DynamoDBStrategies
import Engine
import EtcdStrategies
import Foundation
import Model
import Runtime
import StrategyCatalog
import Testing

/// Servers whose certificate the system does not trust, until the environment says so: the environment of the test
/// process, which only these tests change, one after the other.
@Suite(.serialized) struct TLSTests {
  @Test("a server with a certificate of its own making is not believed")
  func refusal() throws {
    let dynamoDB = #expect(throws: SetupFailure.self) {
      try DynamoDBRegistry.administration(url: DynamoDBEmulator.secureURL, namespace: "test")
    }
    expectDistrust(try #require(dynamoDB))
    let url = try SecureEtcd.url
    var etcd: SetupFailure?
    try waitUntil("etcd answers") {
      etcd = #expect(throws: SetupFailure.self) { try EtcdRegistry.administration(url: url, namespace: "test") }
      return etcd?.message.contains("is it running there?") == false
    }
    expectDistrust(try #require(etcd))
  }

  private func expectDistrust(_ failure: SetupFailure) {
    #expect(failure.message.hasSuffix("its certificate is not trusted: self-signed certificate"), "\(failure.message)")
  }

  /// One worker: the emulator shakes hands with nobody while a connection is open.
  @Test("DynamoDB")
  func dynamoDB() throws {
    let scenario = try Self.scenario("dynamodb.optimistic", workers: 1, operations: 40)
    try expectPass(scenario, "dynamodb", DynamoDBEmulator.secureURL)
  }

  @Test("etcd", arguments: ["etcd.txn", "etcd.lock", "etcd.lock-service"])
  func etcd(strategy: String) throws {
    try expectPass(try Self.scenario(strategy, workers: 4, operations: 200), "etcd", SecureEtcd.url)
  }

  /// The trial takes longer than a lease lives that nobody keeps alive.
  @Test("leases of etcd are kept alive")
  func leases() throws {
    var scenario = try Self.scenario("etcd.lock", workers: 2, operations: 100, hold: .milliseconds(50))
    let specifications = try #require(StrategyCatalog.entry(id: "etcd.lock", over: nil)).descriptor.options
    scenario.strategies[0].options = Options(specifications, stated: ["lease": .duration(.seconds(2))])
    try expectPass(scenario, "etcd", SecureEtcd.url)
  }

  private static func scenario(
    _ strategy: String, workers: Int, operations: Int, hold: Duration = .zero
  ) throws -> Scenario {
    try TestRun.scenario("counter", strategies: [strategy], workers: workers) { variant in
      variant.workload.hold = hold
      variant.load.duration = nil
      variant.load.operations = operations
      variant.load.warmup = .zero
      variant.retry.deadline = .seconds(60)
    }
  }

  private func expectPass(_ planned: Scenario, _ service: String, _ url: String) throws {
    setenv("SSL_CERT_FILE", try TestCertificate.made.get().path, 1)
    defer { unsetenv("SSL_CERT_FILE") }
    var scenario = planned
    scenario.services.locations[service] = .url(url)
    let result = try #require(try TestRun.run(scenario).first)
    #expect(result.failure == nil && result.verdict == .pass, "\(result.failure ?? "") \(result.checks)")
    let load = scenario.variants[0].load
    #expect(result.total[.committed] == Int64(load.operations ?? 0) && result.total[.expiredHolds] == 0)
  }
}
#endif
