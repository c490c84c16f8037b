/// A day of the Gregorian calendar, as ISO 8601 writes it: `2026-12-31`.
public struct CalendarDate: Sendable, Equatable, Hashable, Codable, Comparable, CustomStringConvertible {
  /// Year, month and day as they are written, which sorts as the days do.
  public let description: String

  /// The last day that can be written.
  public static let last = CalendarDate(unchecked: "9999-12-31")

  private init(unchecked text: String) { description = text }

  /// Reads a day; nil for everything that is not one, the 30th of February included.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
    else { return nil }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    guard (1...days).contains(day) else { return nil }
    description = text
  }

  /// The earlier day is less.
  public static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.description < right.description }
}
