import Foundation
import Glibc
import Results
import Testing

/// The built program, driving a run over several hosts from the first namespace.
final class HostedRun {
  let hosts: HostNamespaces
  let driver: HostProgram
  private let name: String

  /// A worker process stands still for a while, and then the server does.
  static let faults =
    "[{kind: pause-worker, target: any, at: 200ms, for: 100ms}, {kind: pause-service, at: 700ms, for: 50ms}]"

  /// Starts it.
  ///
  /// - Parameters:
  ///   - strategies: ids.
  ///   - load: further keys of `load`.
  init(
    _ hosts: HostNamespaces, _ name: String, strategies: [String] = ["redis.lock", "redis.none"],
    load: String = "duration: 1500ms", faults: String = HostedRun.faults, count: Int = 3, _ arguments: [String] = [],
    environment: [String: String] = [:]
  ) throws {
    self.hosts = hosts
    self.name = name
    let scenario = try hosts.write(
      """
      workload: {kind: counter, keys: 2}
      load: {workers: 6, warmup: 50ms, repetitions: 1, remeasure: 0, hosts: \(count), \(load)}
      strategies: [\(strategies.joined(separator: ", "))]
      faults: \(faults)
      """, to: "\(name).yaml")
    driver = try hosts.start(
      on: 0,
      [TestRun.contend, "run", scenario, "--listen", "10.77.0.10:0", "--out", hosts.folder.path + "/\(name)"]
        + arguments, environment: environment, log: "\(name).log")
  }

  deinit {
    if driver.isRunning { driver.signal(SIGKILL) }
  }

  /// What it has printed so far.
  var log: String { hosts.text(of: "\(name).log") }

  /// The words of a line that it prints for those who start agents by hand, after `worker`.
  func joiningWords() throws -> [String] {
    var words: [String] = []
    try waitUntil("the driver says what to run: \(log)", pause: 10_000, atMost: 60) {
      let line = log.split(separator: "\n").first { $0.contains("worker --join") && $0.contains("--token-file") }
      words = line.map { $0.split(separator: " ").map(String.init) } ?? []
      return !words.isEmpty
    }
    return Array(words.drop { $0 != "worker" })
  }

  /// Starts an agent by hand.
  func join(_ host: Int, _ words: [String], log: String, behind prefix: [String] = []) throws -> HostProgram {
    try hosts.start(on: host, prefix + [TestRun.contend] + words, log: log)
  }

  /// Waits for the end, so many seconds at most; its exit status.
  func status(within seconds: Int = 60) throws -> Int32 {
    try waitUntil("the run is over", pause: 10_000, atMost: seconds) { !driver.isRunning }
    return driver.status
  }

  /// Rows of one of its tables, by column.
  func rows(of file: String) throws -> [[String: String]] {
    let text = try String(contentsOfFile: hosts.folder.path + "/\(name)/\(file)", encoding: .utf8)
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(zip(lines[0], $0)) { first, _ in first } }
  }

  /// Expects what the same run shows on one machine: who is protected passes, who is not loses, nobody is lost.
  func expectSameVerdicts(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let status = try status()
    #expect(status == 0, "\(log)", sourceLocation: sourceLocation)
    let trials = try rows(of: "trials.csv")
    #expect(trials.count == 2 && trials.allSatisfy { $0["hosts"] == "3" }, "\(trials)", sourceLocation: sourceLocation)
    for trial in trials {
      let verdict = trial["strategy"] == "redis.none" ? "violation" : "pass"
      #expect(trial["verdict"] == verdict, "\(trial)", sourceLocation: sourceLocation)
    }
    let faults = try rows(of: "faults.csv")
    #expect(
      faults.count == 4 && faults.allSatisfy { Double($0["injected_s"] ?? "") != nil }, "\(faults)",
      sourceLocation: sourceLocation)
    let hosts = try rows(of: "hosts.csv")
    #expect(
      hosts.count == 6 && hosts.allSatisfy { $0["is_lost"] == "false" }, "\(hosts)", sourceLocation: sourceLocation)
    #expect(hosts.allSatisfy { Int($0["committed_count"] ?? "") ?? 0 > 0 }, "\(hosts)", sourceLocation: sourceLocation)
  }
}
