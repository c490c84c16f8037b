import Model
import Testing

@Suite struct CalendarDateTests {
  @Test(arguments: ["2026-11-21", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
  func `days are read`(text: String) { #expect(CalendarDate(text)?.description == text) }

  @Test(arguments: [
    "", "2026-11", "2026-11-31", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "26-01-01",
    "2026-1-01", "2026-01-01T00:00", "-026-01-01", "2026-0١-01",
  ]) func `everything else is no day`(text: String) { #expect(CalendarDate(text) == nil) }

  @Test func `earlier days are less`() throws {
    let days = try ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01"].map { try #require(CalendarDate($0)) }
    #expect(days == days.sorted() && days[0] < days[1])
  }
}
