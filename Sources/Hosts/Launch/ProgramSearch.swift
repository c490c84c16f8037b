@preconcurrency internal import Glibc

/// Programs as a shell finds them, and what they inherit.
enum ProgramSearch {
  /// The path of a program.
  ///
  /// - Throws: when PATH leads to none.
  static func find(_ name: String) throws(HostFailure) -> String {
    if name.contains("/") { return name }
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    for folder in folders.split(separator: ":") {
      let path = "\(folder)/\(name)"
      if access(path, X_OK) == 0 { return path }
    }
    throw HostFailure(
      .unavailable,
      "'\(name)', which is to start the workers, is not in PATH here: install it, or choose another launcher")
  }

  /// Our variables with additions, which go first: `NAME=value`.
  static func environment(with additions: [String: String]) -> [String] {
    var result = additions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if additions[String(text.prefix { $0 != "=" })] == nil { result.append(text) }
      next += 1
    }
    return result
  }
}
