internal import Glibc

/// Moments as files and folder names state them: always UTC.
enum Timestamp {
  /// RFC 3339 with milliseconds: `2026-03-01T12:00:00.250Z`.
  static func rfc3339(_ secondsSince1970: Double) -> String {
    let milliseconds = Int64((secondsSince1970 * 1000).rounded(.down))
    let fraction = String(1000 + milliseconds % 1000).dropFirst()
    return format(milliseconds / 1000, "%Y-%m-%dT%H:%M:%S") + ".\(fraction)Z"
  }

  /// The seconds since 1970 of a text that ``rfc3339(_:)`` wrote; nil for any other.
  static func seconds(rfc3339 text: String) -> Double? {
    let parts = text.split { "-T:.Z".contains($0) }.compactMap { Int64($0) }
    guard parts.count == 7 else { return nil }
    let fields = parts.map { Int32(clamping: $0) }
    var time = tm()
    (time.tm_year, time.tm_mon, time.tm_mday) = (fields[0] &- 1900, fields[1] &- 1, fields[2])
    (time.tm_hour, time.tm_min, time.tm_sec) = (fields[3], fields[4], fields[5])
    let seconds = Double(Int64(timegm(&time)) * 1000 + parts[6]) / 1000
    // Whatever is not exactly what we write, out-of-range fields among it, comes out as another text.
    return rfc3339(seconds) == text ? seconds : nil
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
