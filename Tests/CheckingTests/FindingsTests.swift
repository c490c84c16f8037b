import Checking
import Model
import Testing

/// Long lists are cut without losing a count.
struct FindingsTests {
  @Test(
    "the first 20 records are listed, the rest are one line per kind, and the counts add up", arguments: [20, 21, 1000])
  func cutting(broken: Int) throws {
    let counter = try makeWorkload("counter", keys: 2 * broken)
    let lost = Array(repeating: Int64(0), count: broken)
    let doubled = Array(repeating: Int64(4), count: broken)
    let acknowledged = Array(repeating: [1, 1] as [Int64], count: 2 * broken)
    let result = try check(counter, makeEvidence(counter, final: lost + doubled, acknowledged: acknowledged))
      .named("ledger")
    for kind in [Violation.Kind.lostUpdate, .phantomUpdate] {
      let findings = result.findings.filter { $0.kind == kind }
      #expect(findings.count == (broken > 20 ? 21 : 20))
      #expect(findings.reduce(0) { $0 + $1.count } == Int64(2 * broken))
      let first = kind == .lostUpdate ? 0 : broken
      #expect(findings.prefix(20).map(\.key) == (first..<first + 20).map { $0 })
      #expect(findings.dropFirst(20).allSatisfy { $0.key == nil })
    }
    #expect(broken == 20 || result.violations.last?.observed == "\(broken - 20) more")
  }

  @Test("counts too large for 64 bits stop at the largest one, also in the sum of the rest")
  func restOverflow() throws {
    let counter = try makeWorkload("counter", keys: 23)
    let evidence = makeEvidence(
      counter, final: Array(repeating: .min, count: 23), acknowledged: Array(repeating: [1], count: 23))
    let findings = try check(counter, evidence).named("ledger").findings
    #expect(findings.count == 21)
    #expect(findings.allSatisfy { $0.count == .max })
  }
}
