import Model
import Testing

@testable import ScenarioReader

/// Durations, rates, numbers and suggestions.
@Suite struct ValueTests {
  @Test(
    arguments: [
      ("5s", Duration.seconds(5)), ("1.5s", .milliseconds(1500)), ("250us", .microseconds(250)),
      ("250\u{B5}s", .microseconds(250)), ("250\u{3BC}s", .microseconds(250)), ("100ns", .nanoseconds(100)),
      ("3m", .seconds(180)), ("2h", .seconds(7200)), ("0s", .zero), ("1.000000001s", .nanoseconds(1_000_000_001)),
      ("1.50ns", nil), ("1.0ns", .nanoseconds(1)), ("9223372036854775807ns", .nanoseconds(Int64.max)),
      ("9223372036854775808ns", nil), ("9223372037s", nil), ("0.1m", .seconds(6)), ("5 s", nil), ("5", nil), ("s", nil),
      ("", nil), ("-1s", nil), (".5s", nil), ("1.s", nil), ("1.2.3s", nil), ("5S", nil), ("٥s", nil), ("1e3s", nil),
    ] as [(String, Duration?)])
  func durations(text: String, expected: Duration?) {
    #expect((try? DurationText.parse(text)) == expected)
  }

  @Test(arguments: ["0s", "1ns", "1500us", "1500ms", "90s", "7200s", "1001ns"])
  func durationsReadBack(text: String) throws {
    #expect(DurationText.text(of: try DurationText.parse(text)) == text)
  }

  @Test(
    arguments: [
      ("2000/s", 2000.0), ("120/min", 2), ("90/h", 0.025), ("0.5/s", 0.5), ("2000", nil), ("2000/", nil), ("/s", nil),
      ("1/s/s", nil), ("inf/s", nil), ("0x10/s", nil), ("2 000/s", nil),
    ] as [(String, Double?)])
  func rates(text: String, expected: Double?) { #expect(RateText.parse(text) == expected) }

  @Test(
    arguments: [
      ("1", 1.0), ("-0.5", -0.5), ("1e-3", 0.001), ("1E+2", 100), (".5", nil), ("1.", nil), ("nan", nil), ("inf", nil),
      ("0x1p3", nil), ("1_0", nil), ("1e", nil), ("", nil), ("1e999", nil), ("--1", nil), ("1.-5", nil),
    ] as [(String, Double?)])
  func numbers(text: String, expected: Double?) { #expect(DecimalText.number(text) == expected) }

  @Test(
    arguments: [
      ("lockTimout", "lock-timeout"), ("worker", "workers"), ("durration", "duration"), ("WORKERS", "workers"),
      ("wrokers", "workers"), ("for-update", "postgres.for-update"), ("zzz", nil), ("", nil), ("x", nil), ("tl", "ttl"),
    ] as [(String, String?)])
  func suggestions(word: String, expected: String?) {
    let candidates = ["workers", "duration", "lock-timeout", "postgres.for-update", "seed", "ttl"]
    #expect(Suggestion.nearest(to: word, among: candidates) == expected)
  }

  @Test func distanceCountsSwapsOnce() {
    #expect(Suggestion.distance(Array("abcd"), Array("abdc")) == 1)
    #expect(Suggestion.distance(Array("kitten"), Array("sitting")) == 3)
    #expect(Suggestion.distance([], Array("ab")) == 2)
  }
}
