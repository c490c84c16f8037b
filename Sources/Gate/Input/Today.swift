internal import Glibc
public import Model
internal import Words

/// The day, by the system's clock.
public enum Today {
  /// In coordinated universal time, which is the same for all machines of a team.
  public static var utc: CalendarDate {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func padded(_ number: Int32, _ digits: Int) -> String { String(number).rightAligned(digits, fill: "0") }
    let text = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
    // A clock before the year 0 or after 9999 makes every waiver expire.
    return CalendarDate(text) ?? CalendarDate.last
  }
}
