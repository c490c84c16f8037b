import Foundation
import Glibc

/// What `/proc` tells about other processes.
enum ProcessTable {
  /// The fields of a process after its name: state, parent, ...; empty when it is gone.
  private static func fields(of process: pid_t) -> [Substring] {
    guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = line.lastIndex(of: ")")
    else { return [] }
    return line[line.index(after: end)...].split(separator: " ")
  }

  /// Its state as the kernel writes it, `T` for stopped and `Z` for ended; nil when it is gone.
  static func state(of process: pid_t) -> Substring? { fields(of: process).first }

  /// The command lines of all processes.
  static var commandLines: [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { pid_t($0) != nil }.compactMap {
      try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)
    }
  }

  /// The processes that another one has started and not waited for.
  static func children(of parent: pid_t) -> [pid_t] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { pid_t($0) }.filter { process in
      let fields = fields(of: process)
      return fields.count > 1 && pid_t(fields[1]) == parent
    }
  }

  /// All processes whose chain of parents leads to another one.
  static func descendants(of root: pid_t) -> Set<pid_t> {
    var found: Set<pid_t> = []
    var next = [root]
    while let parent = next.popLast() {
      for child in children(of: parent) where found.insert(child).inserted { next.append(child) }
    }
    return found
  }
}
