internal import CLinux
@preconcurrency internal import Glibc
internal import Hosts
internal import Runtime

/// Agents on this machine, each over a socket that it inherits: several hosts to try and to test with, without a network.
final class LocalHosts: HostSource {
  private var agents: [ChildProcess] = []
  private var waiting: [Channel] = []
  private let executable: String
  private let count: Int

  /// Starts so many.
  init(_ count: Int, executable: String) throws(SystemFailure) {
    self.executable = executable
    self.count = count
    for _ in 0..<count { try start() }
  }

  private func start() throws(SystemFailure) {
    var ends: [Int32] = [-1, -1]
    guard clinux_socket_pair(&ends) == 0 else { throw SystemFailure("socketpair") }
    defer { close(ends[1]) }
    waiting.append(Channel(plain: ends[0], peer: "an agent on this machine"))
    agents.append(
      try ChildProcess(executable: executable, arguments: ["worker", "--inherited"], descriptors: [ends[1]]))
  }

  func refill() {
    agents.removeAll { $0.hasEnded() }
    while agents.count < count { do throws(SystemFailure) { try start() } catch { return } }
  }

  var descriptors: [Int32] { agents.map(\.errorDescriptor) }

  func arrivals() -> (channels: [Channel], refused: [String]) {
    for agent in agents { agent.readMessages() }
    defer { waiting = [] }
    return (waiting, [])
  }

  func obstacle() -> String? {
    for agent in agents where agent.hasEnded() {
      return "an agent on this machine ended" + (agent.lastMessage.map { ": \($0)" } ?? "")
    }
    return nil
  }

  func end() {
    for agent in agents { agent.waitForEnd(milliseconds: 3000) }
    agents = []
  }
}
