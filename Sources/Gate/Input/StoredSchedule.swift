internal import FoundationEssentials
@preconcurrency internal import Glibc
public import Results

/// The schedule of a live gate, when two results folders are its two arms.
public enum StoredSchedule {
  /// Reads `gate.json` above both folders; nil when they lie in different ones, or there is none.
  public static func of(_ base: String, _ candidate: String) throws(ResultsFailure) -> GateSchedule? {
    guard let folder = parent(of: base), folder == parent(of: candidate) else { return nil }
    let path = "\(folder)/\(GateSchedule.file)"
    guard access(path, F_OK) == 0 else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ResultsFailure("\(path): cannot be read", kind: .reading)
    }
    return try GateSchedule(json: Array(data), path: path)
  }

  /// The folder that a folder is in, as the kernel knows it.
  private static func parent(of path: String) -> String? {
    guard let resolved = realpath("\(path)/..", nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
