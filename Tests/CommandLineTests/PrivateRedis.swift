import Foundation

/// A Redis server on a unix socket of its own, as somebody else runs it.
final class PrivateRedis {
  /// Path of its socket.
  let socket: String
  private let process = Process()
  private let folder: URL

  /// Starts it with further options.
  init(_ options: String...) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("contend-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    socket = folder.appendingPathComponent("s").path
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder.path] + options
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date().addingTimeInterval(30)
    while !FileManager.default.fileExists(atPath: socket), Date() < deadline { usleep(10_000) }
  }

  func stop() {
    // A test process may have blocked the gentler signals, and its children inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }
}
