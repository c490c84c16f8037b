import Foundation
import Glibc
import Model

/// Hosts of network namespaces on this machine, made by `scripts/launch/hosts-up` and removed again. Needs root.
///
/// The first one is the driver's, at 10.77.0.10. Servers that we manage are reached from all of them, because they listen
/// at sockets of the file system, which namespaces of the network share.
final class HostNamespaces {
  /// A folder of its own, readable by all.
  let folder: URL
  let prefix: String
  private var background: [HostProgram] = []

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Makes so many, the driver's among them.
  init(_ count: Int) throws {
    // Letters at the end, because the number of a host follows.
    prefix = "c" + String(UUID().uuidString.lowercased().filter(\.isLetter).prefix(4)) + "x"
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("hosts-\(prefix)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    chmod(folder.path, 0o755)
    guard try HostProgram([script("hosts-up"), prefix, String(count)]).wait() == 0 else {
      throw SetupFailure("cannot make network namespaces; run the tests as root")
    }
  }

  deinit {
    for program in background.reversed() { program.end() }
    _ = try? HostProgram([script("hosts-down"), prefix]).wait()
    try? FileManager.default.removeItem(at: folder)
  }

  private func script(_ name: String) -> String { Self.root.appendingPathComponent("scripts/launch/\(name)").path }

  /// Starts a program on one of them.
  ///
  /// - Parameter log: takes what it prints, in the folder.
  func start(
    on host: Int, _ command: [String], environment: [String: String] = [:], log: String
  ) throws -> HostProgram {
    try HostProgram(
      [script("hosts-in"), prefix, String(host)] + command, environment: environment,
      log: folder.appendingPathComponent(log).path)
  }

  /// Starts a program that runs until the hosts are removed.
  func keep(on host: Int, _ command: [String], environment: [String: String] = [:], log: String) throws {
    background.append(try start(on: host, command, environment: environment, log: log))
  }

  /// What a program has printed so far.
  func text(of log: String) -> String {
    (try? String(contentsOf: folder.appendingPathComponent(log), encoding: .utf8)) ?? ""
  }

  /// Writes a file into the folder; its path.
  func write(_ text: String, to name: String, mode: mode_t = 0o644) throws -> String {
    let file = folder.appendingPathComponent(name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    chmod(file.path, mode)
    return file.path
  }

  /// How many worker processes run on one of them, by the host name that processes started there have.
  func workers(on host: Int) -> Int {
    var status = stat()
    guard stat("/run/netns/\(prefix)\(host)", &status) == 0 else { return 0 }
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { process in
      guard pid_t(process) != nil,
        let command = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8),
        command.contains("worker\0--local")
      else { return false }
      var other = stat()
      return stat("/proc/\(process)/ns/net", &other) == 0 && other.st_ino == status.st_ino
    }.count
  }

  /// What makes `mpirun` reach the hosts without a shell of theirs.
  func remoteShell() throws -> [String: String] {
    let agent = try write(
      """
      #!/bin/sh
      host=\(prefix)${1#10.77.0.1}; shift
      exec env -i PATH="$PATH" TMPDIR="\(folder.path)" ip netns exec "$host" unshare --uts \
        sh -c 'hostname "$0" && exec sh -c "$1"' "$host" "$*"

      """, to: "rsh", mode: 0o755)
    return ["OMPI_MCA_plm_rsh_agent": agent, "TMPDIR": folder.path]
  }

  /// The built program with another byte at its end: the same version, and not the same file.
  func otherProgram() throws -> String {
    let path = folder.appendingPathComponent("other").path
    try FileManager.default.copyItem(atPath: TestRun.contend, toPath: path)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([0]))
    try handle.close()
    return path
  }

  /// Ends the connections of a host with the driver, as a device between them does that forgets them: how many there were.
  func breakConnections(of host: Int) throws -> Int {
    try start(on: host, ["ss", "-K", "-H", "-t", "dst", "10.77.0.10"], log: "broken-connections").wait()
    return text(of: "broken-connections").split(separator: "\n").count
  }

  /// Cuts a host off from all others: nothing passes, and nobody is told.
  func cut(_ host: Int) throws {
    try HostProgram(["ip", "-n", "\(prefix)-sw", "link", "set", "p\(host)", "down"]).wait()
  }
}
