@preconcurrency internal import Glibc

/// Processes that a program has started and left behind. They are known by a variable of their environment, whoever their
/// parent is by now.
enum Leftovers {
  /// Name of the variable.
  static let variable = "CONTEND_ADAPTER_ID"

  /// What one look at all processes found.
  struct Look {
    /// Those that live and carry the marker.
    var marked: [pid_t] = []
    /// Whether one has just begun another program and does not show its environment yet: its parent may go on before that.
    var isEarly = false
  }

  /// Looks at all processes once.
  static func look(for marker: String) -> Look {
    guard let folder = opendir("/proc") else { return Look() }
    defer { closedir(folder) }
    let wanted = Array("\(variable)=\(marker)".utf8)
    var look = Look()
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard let process = pid_t(name), process != getpid() else { continue }
      switch environment(of: process, holds: wanted) {
      case true?: look.marked.append(process)
      case false?: break
      case nil: look.isEarly = look.isEarly || isBeginning(process)
      }
    }
    return look
  }

  /// Ends those that live and carry a marker; how many there were. Blocks for a moment where one has just begun.
  @discardableResult
  static func end(marked marker: String) -> Int {
    var ended: Set<pid_t> = []
    for _ in 0..<looks {
      let look = look(for: marker)
      for process in look.marked {
        _ = kill(process, SIGKILL)
        ended.insert(process)
      }
      if !look.isEarly { break }
      usleep(5000)
    }
    return ended.count
  }

  /// The most looks: 0.2 s.
  private static let looks = 40

  /// Whether an environment holds a variable; nil when it is empty.
  private static func environment(of process: pid_t, holds wanted: [UInt8]) -> Bool? {
    let file = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    // Ours stand first.
    return withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
      let count = read(file, buffer.baseAddress, buffer.count)
      guard count > 0 else { return count < 0 ? false : nil }
      return buffer[..<count].split(separator: 0).contains { $0.elementsEqual(wanted) }
    }
  }

  /// Whether a process without an environment is neither dead nor a thread of the kernel.
  private static func isBeginning(_ process: pid_t) -> Bool {
    let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
      let count = read(file, buffer.baseAddress, buffer.count)
      // The name stands in parentheses and may hold any; state and parent follow.
      guard count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return false }
      let fields = buffer[(end + 1)..<count].split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard fields.count == 3, let state = fields[0].first, let parent = Int(String(decoding: fields[1], as: UTF8.self))
      else { return false }
      return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X") && parent != 2 && parent != 0
    }
  }
}
