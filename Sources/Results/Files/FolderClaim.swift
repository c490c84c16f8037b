internal import Glibc

/// A folder that was made for one run, or found empty.
struct FolderClaim {
  /// Path of the folder.
  let path: String
  private let isOurs: Bool

  /// Makes a new folder, or takes an existing one if it is empty and was named exactly.
  init(_ place: ResultsFolder.Place, name: String) throws(ResultsFailure) {
    let mayExist: Bool
    switch place {
    case .below(let parent):
      path = (parent.isEmpty ? "." : parent) + "/" + name
      mayExist = false
    case .exactly(let folder):
      path = folder
      mayExist = true
    }
    try Self.makeParents(of: path)
    isOurs = mkdir(path, 0o755) == 0
    guard !isOurs else { return }
    guard errno == EEXIST else { throw ResultsFailure("create the folder", path, errno: errno) }
    guard mayExist else {
      throw ResultsFailure("\(path) exists already: another run writes to it; run again for another name")
    }
    guard try Self.entries(of: path).isEmpty else {
      throw ResultsFailure(
        "\(path) is not empty: a results folder belongs to one run; name a new or empty one with --out")
    }
  }

  /// Removes the files of a run that could not begin.
  func removeContent() {
    for entry in (try? Self.entries(of: path)) ?? [] { unlink(path + "/" + entry) }
  }

  /// Removes the folder if we made it and it is empty.
  func release() { if isOurs { rmdir(path) } }

  private static func makeParents(of path: String) throws(ResultsFailure) {
    var position = path.startIndex
    while let slash = path[position...].dropFirst().firstIndex(of: "/") {
      let parent = String(path[..<slash])
      if mkdir(parent, 0o755) != 0 && errno != EEXIST {
        throw ResultsFailure("create the folder", parent, errno: errno)
      }
      position = slash
    }
  }

  private static func entries(of path: String) throws(ResultsFailure) -> [String] {
    guard let folder = opendir(path) else { throw ResultsFailure("read the folder", path, errno: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
