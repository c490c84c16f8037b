internal import Glibc

/// Files with histories, which a run keeps or somebody else recorded.
public enum StoredHistories {
  /// The folder of a run that holds its histories.
  public static let folder = "history"

  /// The histories at a path: the file itself, or all `.jsonl` in the folder `history` of a run, sorted by name.
  public static func files(at path: String) throws(ResultsFailure) -> [String] {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .unreadable(path, errno: errno, remedy: "name a history, or a results folder of a run with --history")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
    let folder = path + (path.hasSuffix("/") ? "" : "/") + folder
    let files = names(in: folder).filter { $0.hasSuffix(".jsonl") }.sorted().map { "\(folder)/\($0)" }
    if files.isEmpty {
      throw ResultsFailure(
        "\(path) has no histories: there is no .jsonl in \(folder); record them with contend run --history",
        kind: .reading)
    }
    return files
  }

  /// The content of a file.
  public static func bytes(of path: String) throws(ResultsFailure) -> [UInt8] {
    guard let file = try StoredFile(ifPresent: path) else {
      throw .unreadable(path, errno: ENOENT, remedy: "name a history")
    }
    return file.bytes
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names
  }
}
