internal import Glibc

/// Moments as files and folder names state them: always UTC.
enum Timestamp {
  /// RFC 3339 with milliseconds: `2026-03-01T12:00:00.250Z`.
  static func rfc3339(_ secondsSince1970: Double) -> String {
    let milliseconds = Int64((secondsSince1970 * 1000).rounded(.down))
    let fraction = String(1000 + milliseconds % 1000).dropFirst()
    return format(milliseconds / 1000, "%Y-%m-%dT%H:%M:%S") + ".\(fraction)Z"
  }

  /// For names of folders, without a colon: `20260301T120000Z`.
  static func compact(_ secondsSince1970: Double) -> String {
    format(Int64(secondsSince1970.rounded(.down)), "%Y%m%dT%H%M%SZ")
  }

  private static func format(_ seconds: Int64, _ pattern: String) -> String {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let text = buffer.baseAddress, strftime(text, buffer.count, pattern, &parts) > 0 else { return "" }
      return String(cString: text)
    }
  }
}
