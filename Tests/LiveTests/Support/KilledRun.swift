import Foundation
import Glibc
import Model

/// The built program, measuring in a process of its own, of which one process is killed.
final class KilledRun {
  private let folder: URL
  /// Where servers have their private directories.
  private let temporary: URL
  private let driver = Process()
  /// Every process that it was seen to have started.
  private var family: Set<pid_t> = []

  /// Starts it.
  ///
  /// - Parameter services: the value of `services` in its scenario.
  init(strategies: String, services: String = "{}", faults: String = "[]") throws {
    // Short: unix sockets are in it.
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("killed-\(UUID().uuidString.prefix(8))")
    temporary = folder.appendingPathComponent("t")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    // Servers are not run by root.
    for path in [folder.path, temporary.path] { chmod(path, 0o777) }
    let file = folder.appendingPathComponent("run.yaml")
    try """
    workload: {kind: counter, keys: 3, hold: 1ms}
    load: {workers: 4, processes: 2, duration: 20s, repetitions: 1}
    strategies: \(strategies)
    services: \(services)
    faults: \(faults)
    """.write(to: file, atomically: true, encoding: .utf8)
    driver.executableURL = URL(fileURLWithPath: TestRun.contend)
    driver.arguments = ["run", file.path, "--quiet", "--out", folder.appendingPathComponent("out").path]
    driver.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": temporary.path]) { $1 }
    driver.standardError = FileHandle.nullDevice
    driver.standardOutput = FileHandle.nullDevice
    try driver.run()
  }

  deinit {
    Glibc.kill(driver.processIdentifier, SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  /// Its processes by now: the driver first, then all that it has started, and what those have.
  func processes() -> [pid_t] {
    let below = ProcessTable.descendants(of: driver.processIdentifier).sorted()
    family.formUnion(below)
    return (driver.isRunning ? [driver.processIdentifier] : []) + below
  }

  /// Kills its driver, or another one of its processes.
  func kill(_ process: pid_t? = nil) { Glibc.kill(process ?? driver.processIdentifier, SIGKILL) }

  /// Asks the driver to end in good order, as Ctrl-C does.
  func interrupt() { driver.interrupt() }

  /// Waits until it has ended, and then until everything of it is gone.
  func waitUntilGone() throws {
    try waitUntil("the driver has ended") {
      _ = processes()
      return !driver.isRunning
    }
    try waitUntil("its processes are gone") {
      family.allSatisfy { [nil, "Z"].contains(ProcessTable.state(of: $0)) }
    }
    try waitUntil("its temporary folder is empty") {
      try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty
    }
  }
}
