import Model
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// The scripts of the fair lock, step by step, with a clock of the test's own.
  @Suite struct FairLockScripts {
    private let name = Trial.makeNamespace()
    private var keys: [String] { ["\(name):lock", "\(name):queue", "\(name):place"] }

    private func eval(_ script: StaticString, _ keys: [String], _ arguments: String...) throws -> AdministrationReply {
      try RedisServer.connect().command(["EVAL", script.description, "\(keys.count)"] + keys + arguments)
    }

    /// Places last for a second, the lock for a minute.
    private func ask(_ holder: String, at now: Int) throws -> AdministrationReply {
      try eval(FairLock.acquireScript, keys, "60000", holder, "1000", "\(now)")
    }

    private func giveBack(_ holder: String, at now: Int) throws -> AdministrationReply {
      try eval(FairLock.releaseScript, keys, holder, "\(name):channel", "\(now)")
    }

    private func queue() throws -> [String] {
      try RedisServer.connect().command(["LRANGE", keys[1], "0", "-1"]).elements.compactMap(\.text)
    }

    private func place(_ holder: String) throws -> Int {
      let score = try RedisServer.connect().command(["ZSCORE", keys[2], holder]).text
      return Int(try #require(score.flatMap { Double($0) }))
    }

    private func clean() { _ = try? RedisServer.connect().command(["DEL"] + keys) }

    @Test func isGrantedInTheOrderInWhichItWasAskedFor() throws {
      defer { clean() }
      #expect(try ask("a", at: 0) == .nothing)
      #expect(try ask("b", at: 1) != .nothing)
      #expect(try ask("c", at: 2) != .nothing)
      #expect(try queue() == ["b", "c"])
      #expect(try ask("b", at: 3) != .nothing, "asking again changes nothing")
      #expect(try queue() == ["b", "c"])
      #expect(try giveBack("a", at: 4) == .integer(1))
      #expect(try ask("c", at: 5) != .nothing, "the lock is free, but b comes first")
      #expect(try ask("d", at: 5) != .nothing)
      #expect(try ask("b", at: 6) == .nothing)
      #expect(try queue() == ["c", "d"])
    }

    @Test func aWaiterWhoseTimeIsUpLosesItsPlace() throws {
      defer { clean() }
      _ = try ask("a", at: 0)
      _ = try ask("dead", at: 0)
      _ = try ask("c", at: 0)
      // The lock's minute, and a second for each place before and at one's own.
      #expect((61_000 - 50...61_000).contains(try place("dead")))
      #expect(try place("c") == place("dead") + 1000)
      _ = try giveBack("a", at: 10)
      #expect(try ask("c", at: 60_000) != .nothing)
      #expect(try ask("c", at: 61_500) == .nothing)
      #expect(try queue() == [])
    }

    @Test func whoGivesUpShortensTheTimeOfThoseBehind() throws {
      defer { clean() }
      for holder in ["a", "b", "c", "d"] { _ = try ask(holder, at: 0) }
      let (b, d) = (try place("b"), try place("d"))
      #expect(try eval(FairLock.giveUpScript ?? "", [keys[1], keys[2]], "c", "1000") == .integer(1))
      #expect(try queue() == ["b", "d"])
      #expect(try place("b") == b)
      #expect(try place("d") == d - 1000)
    }

    @Test func aReleaseByAnybodyElseDoesNothing() throws {
      defer { clean() }
      _ = try ask("a", at: 0)
      #expect(try giveBack("b", at: 1) == .nothing)
      #expect(try ask("b", at: 2) != .nothing)
      #expect(try giveBack("a", at: 3) == .integer(1))
      #expect(try giveBack("a", at: 4) == .nothing)
    }
  }
}
