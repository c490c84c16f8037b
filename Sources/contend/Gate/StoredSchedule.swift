internal import FoundationEssentials
internal import Gate
@preconcurrency internal import Glibc
internal import Model
internal import Results

/// The schedule of a live gate, when two results folders are its two arms.
enum StoredSchedule {
  /// Reads `gate.json` above both folders; nil when they lie in different ones, or there is none.
  static func of(_ base: String, _ candidate: String) throws(ResultsFailure) -> GateSchedule? {
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

/// The day, by the system's clock.
enum Today {
  /// In coordinated universal time, which is the same for all machines of a team.
  static var utc: CalendarDate {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func padded(_ number: Int32, _ digits: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    let text = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
    // A clock before the year 0 or after 9999 makes every waiver expire.
    return CalendarDate(text) ?? CalendarDate.last
  }
}
