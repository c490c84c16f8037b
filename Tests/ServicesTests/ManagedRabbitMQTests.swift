import Foundation
import Testing

@testable import Services

/// A private broker, with Erlang's name server beside it. Each start takes seven seconds, so one test sees all of a
/// life.
@Suite struct ManagedRabbitMQTests {
  @Test func killedDriverTakesTheBrokerWithIt() throws {
    var guarded = try GuardTests.Guarded("rabbitmq")
    let directory = try guarded.directory()
    let isReady = guarded.isReady()
    #expect(isReady)
    let processes = ProcessTree.descendants(of: guarded.guardProcess).filter { !$0.isZombie }.map(\.process)
    #expect(processes.count >= 3)
    let expected = geteuid() == 0 ? try #require(Account(named: "rabbitmq")).user : geteuid()
    for process in processes {
      let status = try #require(readFile("/proc/\(process)/status", limit: 4096))
      let users = status.split(separator: "\n").first { $0.hasPrefix("Uid:") }?.split(separator: "\t").dropFirst()
      #expect(users.map(Array.init) == Array(repeating: "\(expected)", count: 4))
    }
    // The secret of its cluster is in its own home.
    let server = try #require(processes.first { name(of: $0) == "beam.smp" })
    let environment = try #require(readFile("/proc/\(server)/environ", limit: 16_384)).split(separator: "\0")
    #expect(environment.contains("HOME=\(directory)") && !environment.contains { $0.hasPrefix("USER=") })
    #expect(Support.exists(directory + "/.erlang.cookie"))
    #expect(processes.filter { name(of: $0) == "epmd" }.count == 1)
    expectNothingListensBeyondLoopback(PrivateDirectory(path: directory).ports)
    guarded.killDriver()
    #expect(guarded.endsWithin(.seconds(8)))
    #expect(processes.filter(Support.isRunning) == [])
    #expect(!Support.exists(directory))
  }

  @Test func aBrokerIsKilledAndStartedAgainAndDiesWithItsGuard() throws {
    let service = try Support.start("rabbitmq")
    let directory = try Support.directory(of: service)
    #expect(service.serverVersion.first?.isNumber == true)
    let first = service.processIDs()
    try service.kill()
    #expect(Support.eventually(within: .seconds(10)) { service.processIDs().isEmpty })
    #expect(first.filter(Support.isRunning) == [] && service.hasDied() == nil && Support.exists(directory))
    try service.restart()
    try service.waitUntilUp()
    let second = service.processIDs()
    try service.pause()
    #expect(
      Support.eventually(within: .seconds(5)) {
        second.allSatisfy { ProcessTree.Entry(process: $0)?.isStopped ?? true }
      })
    service.resume()
    let server = try #require(second.first)
    kill(try #require(ProcessTree.Entry(process: server)).parent, SIGKILL)
    #expect(Support.eventually(within: .seconds(6)) { second.filter(Support.isRunning).isEmpty })
    #expect(service.hasDied()?.contains("its guard process was killed") == true)
    service.stop()
    #expect(!Support.exists(directory))
  }

  private func name(of process: pid_t) -> String {
    (readFile("/proc/\(process)/comm", limit: 64) ?? "").trimmed
  }

  /// Sockets that listen at one of these ports, from proc_net(5): the state is 0A, and loopback is 127.0.0.1 or ::1.
  private func expectNothingListensBeyondLoopback(_ ports: [Int]) {
    var addresses: Set<Substring> = []
    for file in ["/proc/net/tcp", "/proc/net/tcp6"] {
      for line in (readFile(file, limit: 1 << 20) ?? "").split(separator: "\n").dropFirst() {
        let fields = line.split(separator: " ")
        guard fields.count > 3, fields[3] == "0A" else { continue }
        let place = fields[1].split(separator: ":")
        if let port = Int(place[1], radix: 16), ports.contains(port) { addresses.insert(place[0]) }
      }
    }
    #expect(ports.count == 3 && addresses.contains("0100007F"))
    #expect(addresses.isSubset(of: ["0100007F", "00000000000000000000000001000000"]))
  }
}
