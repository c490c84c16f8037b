@preconcurrency internal import Glibc

/// Processes that a program has started and left behind. They are known by a variable of their environment, whoever their
/// parent is by now.
enum Leftovers {
  /// Name of the variable.
  static let variable = "CONTEND_ADAPTER_ID"

  /// Those that live and carry a marker.
  static func processes(marked marker: String) -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    let wanted = Array("\(variable)=\(marker)".utf8)
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard let process = pid_t(name), process != getpid(), environment(of: process, holds: wanted) else { continue }
      found.append(process)
    }
    return found
  }

  /// Ends them; how many there were.
  @discardableResult
  static func end(marked marker: String) -> Int {
    let found = processes(marked: marker)
    for process in found { _ = kill(process, SIGKILL) }
    return found.count
  }

  private static func environment(of process: pid_t, holds wanted: [UInt8]) -> Bool {
    let file = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    // Ours stand first.
    return withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
      let count = read(file, buffer.baseAddress, buffer.count)
      guard count > 0 else { return false }
      return buffer[..<count].split(separator: 0).contains { $0.elementsEqual(wanted) }
    }
  }
}
