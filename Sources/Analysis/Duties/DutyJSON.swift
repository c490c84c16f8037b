internal import Words

extension DutyAdvice {
  /// The advice as JSON (RFC 8259) with a line feed at its end. What is not known is null.
  ///
  /// `duty`, `headline`, `strategy` (the one recommended), `faults` (those under which was tried); `candidates`, best first,
  /// and `excluded`, each with `strategy`, `services`, `faults`, `missed_ticks`, `ticks`, `takeover_after_death_s`,
  /// `takeover_after_pause_s`, `without_takeover`, `statements_per_s`; those excluded with a `reason`, too.
  public func json() -> String {
    JSON.object([
      ("duty", .string(duty.rawValue)),
      ("headline", .string(headline)),
      ("strategy", .string(ifAny: candidates.first?.strategy)),
      ("faults", .strings(faults)),
      ("candidates", .array(candidates.map { .object($0.members) })),
      ("excluded", .array(excluded.map { .object($0.record.members + [("reason", .string($0.reason))]) })),
    ]).text() + "\n"
  }
}

extension DutyRecord {
  fileprivate var members: [(key: String, value: JSON)] {
    [
      ("strategy", .string(strategy)),
      ("services", .strings(services)),
      ("faults", .strings(tried)),
      ("missed_ticks", .integer(missedTicks)),
      ("ticks", .integer(ticks)),
      ("takeover_after_death_s", .number(takeoverAfterDeath)),
      ("takeover_after_pause_s", .number(takeoverAfterPause)),
      ("without_takeover", .integer(withoutTakeover)),
      ("statements_per_s", .number(statementsPerSecond)),
    ]
  }
}
