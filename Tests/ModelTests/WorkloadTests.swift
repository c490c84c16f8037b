import Model
import Testing
import Workloads

/// The operations that workloads draw.
struct WorkloadTests {
  private func make(
    _ kind: String, keys: Int, _ options: [String: OptionValue] = [:], _ distribution: KeyDistribution = .uniform
  ) throws -> any Workload {
    let settings = WorkloadSettings(
      kind: kind, keys: keys, distribution: distribution, options: Options([], stated: options))
    return try #require(WorkloadRegistry.make(settings))
  }

  private func draw(_ workload: any Workload, _ count: Int = 2000, seed: UInt64 = 1) -> [OperationTemplate] {
    var random = RandomSource(seed: seed)
    return workload.operations(count: count, using: &random)
  }

  private func describe(_ operations: [OperationTemplate]) -> [String] {
    operations.map { "\($0.followsCommit) \($0.steps.map { "\($0.key) \($0.effect) \($0.operand) \($0.bound)" })" }
  }

  @Test("the registry lists every workload once and finds it by id")
  func registry() {
    #expect(
      WorkloadRegistry.descriptors.map(\.id) == [
        "counter", "stock", "seats", "transfer", "profile", "on-call", "list-append", "payment", "click", "order",
        "job", "election", "script",
      ])
    #expect(WorkloadRegistry.type(withID: "seats") == SeatsWorkload.self)
    #expect(WorkloadRegistry.type(withID: "seat") == nil)
    #expect(WorkloadRegistry.make(WorkloadSettings(kind: "seat")) == nil)
  }

  @Test("every workload that most strategies can run says what they are tested with, and it fits")
  func samples() throws {
    for type in WorkloadRegistry.all {
      let workload = try make(type.descriptor.id, keys: 4)
      let isApart = workload.lists != nil || workload.deliveries != nil || workload.job != nil
      #expect(type.samples.isEmpty == (isApart || workload.election != nil || workload.applicability == .script))
      for settings in type.samples {
        #expect(settings.kind == type.descriptor.id && settings.keys >= type.descriptor.minimumKeys)
        var complete = settings
        complete.options = Options(type.descriptor.options, stated: settings.options.values)
        #expect(Set(complete.options.values.keys) == Set(type.descriptor.options.map(\.name)))
        #expect(type.problem(in: complete) == nil)
      }
    }
  }

  @Test("defaults lie within their own limits", arguments: WorkloadRegistry.descriptors.flatMap(\.options))
  func defaults(option: OptionSpecification) {
    switch (option.kind, option.defaultValue) {
    case (.integer(let range), .integer(let value)): #expect(range.contains(value))
    case (.number(let range), .number(let value)): #expect(range.contains(value))
    case (.duration(let range), .duration(let value)): #expect(range.contains(value))
    case (.flag, .flag): break
    case (.word(let words), .word(let word)): #expect(words.contains(word))
    default: Issue.record("\(option.name) has a default of another kind")
    }
  }

  @Test(
    "the same seed draws the same operations, another seed others",
    // The runs of a job are all alike, and so are the effects of a leader, and of a single script.
    arguments: WorkloadRegistry.descriptors.map(\.id).filter { !["job", "election", "script"].contains($0) })
  func determinism(kind: String) throws {
    let workload = try make(kind, keys: 50, [:], .zipfian(theta: 0.9))
    #expect(describe(draw(workload, seed: 5)) == describe(draw(workload, seed: 5)))
    #expect(describe(draw(workload, seed: 5)) != describe(draw(workload, seed: 6)))
  }

  @Test(
    "operations are of a legal size, touch different existing records, and change them within the stated range",
    arguments: WorkloadRegistry.descriptors.map(\.id))
  func legality(kind: String) throws {
    let variants: [[String: OptionValue]] = [
      [:], ["span": .integer(8), "fields": .integer(8), "amount": .integer(7), "ordered": .flag(false)],
    ]
    for options in variants {
      let workload = try make(kind, keys: 9, options)
      let operations = draw(workload)
      #expect(operations.count == 2000)
      var changes: Set<Int64> = []
      for operation in operations {
        #expect((1...Operation.maximumSteps).contains(operation.steps.count))
        if workload.lists == nil { #expect(Set(operation.steps.map(\.key)).count == operation.steps.count) }
        #expect(operation.steps.allSatisfy { (0..<workload.recordCount).contains(Int($0.key)) })
        changes.formUnion(operation.steps.filter { $0.effect != .read }.map(\.ledgerDelta))
      }
      #expect(changes.min() == workload.changes.lowerBound)
      #expect(changes.max() == workload.changes.upperBound)
    }
  }

  @Test("every record is used, the hottest most", arguments: ["counter", "stock", "seats", "transfer", "profile"])
  func distribution(kind: String) throws {
    let workload = try make(kind, keys: 5, [:], .zipfian(theta: 1))
    let keys = draw(workload).flatMap { $0.steps.map(\.key) }
    let counts = (0..<Int32(workload.recordCount)).map { key in keys.count { $0 == key } }
    #expect(counts.allSatisfy { $0 > 0 })
    #expect(counts.max() == counts.first)
  }

  @Test("transactions over lists have as many reads and appends as asked, over keys in order")
  func listAppend() throws {
    let workload = try make("list-append", keys: 3, ["size": .integer(6), "reads": .number(0.25)])
    let operations = draw(workload)
    let steps = operations.flatMap(\.steps)
    #expect(Set(operations.map(\.steps.count)) == Set(1...6) && Set(steps.map(\.key)) == [0, 1, 2])
    let reads = steps.count { $0.effect == .read }
    #expect(abs(Double(reads) / Double(steps.count) - 0.25) < 0.03)
    #expect(steps.allSatisfy { $0.effect == .read || $0.effect == .add && $0.operand == 1 })
    #expect(operations.allSatisfy { $0.steps.map(\.key) == $0.steps.map(\.key).sorted() })
    // The same list is read and appended to, in either order, and more than once.
    let effects = Set(operations.filter { Set($0.steps.map(\.key)).count == 1 }.map { $0.steps.map(\.effect) })
    #expect(effects.isSuperset(of: [[.read, .add], [.add, .read], [.add, .add], [.read, .read]]))
    let unordered = try make("list-append", keys: 3, ["ordered": .flag(false)])
    #expect(workload.isOrdered && !unordered.isOrdered)
    #expect(draw(unordered).contains { $0.steps.map(\.key) != $0.steps.map(\.key).sorted() })
    #expect(workload.needsHistory && workload.lists?.isolation == nil)
    let judged = try make("list-append", keys: 3, ["isolation": .word("serializable")])
    #expect(judged.lists?.isolation == .serializable)
    #expect(ListAppendWorkload.problem(in: WorkloadSettings(kind: "list-append", keys: 1001)) != nil)
  }

  @Test("charges and clicks are additions whose requests are delivered as the options say")
  func deliveries() throws {
    let options: [String: OptionValue] = [
      "amount": .integer(3), "redelivered": .number(0.5), "delay": .duration(.milliseconds(4)),
    ]
    for (kind, amounts) in [("payment", Set<Int64>([1, 2, 3])), ("click", [1])] {
      let workload = try make(kind, keys: 3, options)
      #expect(workload.deliveries == DeliverySettings(redelivered: 0.5, delay: .milliseconds(4)))
      #expect(workload.applicability == .deliveries)
      #expect(Set(draw(workload).flatMap { $0.steps.map(\.operand) }) == amounts)
      #expect(draw(workload).allSatisfy { $0.steps.count == 1 && $0.steps[0].effect == .add })
    }
    #expect(Applicability.deliveries.covers(.deliveries))
    #expect(!Applicability.any.covers(.deliveries) && !Applicability.deliveries.covers(.unguardedAdd))
  }

  @Test("a doctor goes if the other one of the shift is there, and comes back")
  func onCall() throws {
    let workload = try make("on-call", keys: 6)
    #expect(workload.recordCount == 6 && workload.isOrdered)
    let operations = draw(workload)
    for (leaving, returning) in zip(operations, operations.dropFirst()) where !leaving.followsCommit {
      let doctor = try #require(leaving.steps.first { $0.effect == .claim })
      let other = try #require(leaving.steps.first { $0.effect == .requireFree })
      #expect(other.key == doctor.key ^ 1 && leaving.steps[0].key < leaving.steps[1].key)
      #expect(!other.writes && other.apply(to: 0, token: 7) == 0 && other.apply(to: 3, token: 7) == nil)
      #expect(returning.followsCommit && returning.steps.map(\.key) == leaving.steps.map(\.key))
      #expect(returning.steps.first { $0.key == doctor.key }?.effect == .release)
    }
    #expect(
      OnCallWorkload.problem(in: WorkloadSettings(kind: "on-call", keys: 3))
        == "two doctors share a shift, so keys must be even, but is 3")
    #expect(OnCallWorkload.problem(in: WorkloadSettings(kind: "on-call", keys: 4)) == nil)
  }

  @Test("a counter adds 1 without a guard")
  func counter() throws {
    let workload = try make("counter", keys: 3)
    #expect(workload.applicability == .unguardedAdd)
    #expect(
      draw(workload).allSatisfy { $0.steps[0].effect == .add && $0.steps[0].operand == 1 && $0.steps[0].bound == .min })
  }

  @Test("a purchase takes 1 to the largest amount and never more than there is")
  func stock() throws {
    let workload = try make("stock", keys: 1, ["amount": .integer(3), "initial": .integer(7)])
    #expect(workload.initialValue(of: 0) == 7)
    #expect(workload.applicability == .singleKey)
    #expect(workload.checkers.map(\.name) == ["minimum", "ledger"])
    #expect(try make("stock", keys: 1).checkers.map(\.name) == ["minimum", "ledger", "unique-returns"])
    let steps = draw(workload).flatMap(\.steps)
    #expect(Set(steps.map(\.operand)) == [-1, -2, -3])
    #expect(steps.allSatisfy { $0.bound == 0 })
  }

  @Test("a claim of neighbouring seats is followed by the release of the same, if it committed")
  func seats() throws {
    let workload = try make("seats", keys: 10, ["span": .integer(3)])
    #expect(workload.applicability == .any)
    #expect(try make("seats", keys: 10).applicability == .singleKey)
    let operations = draw(workload, 100)
    for index in stride(from: 0, to: 100, by: 2) {
      let (claim, release) = (operations[index], operations[index + 1])
      let first = claim.steps[0].key
      #expect(claim.steps.map(\.key) == [first, first + 1, first + 2])
      #expect(claim.steps.allSatisfy { $0.effect == .claim } && !claim.followsCommit)
      #expect(release.steps.map(\.key) == claim.steps.map(\.key))
      #expect(release.steps.allSatisfy { $0.effect == .release } && release.followsCommit)
    }
    #expect(draw(workload, 7).count == 8, "a claim is never parted from its release")
  }

  @Test("without release there are only claims, as many as asked for")
  func seatsThatSellOut() throws {
    let operations = draw(try make("seats", keys: 10, ["release": .flag(false)]), 7)
    #expect(operations.count == 7)
    #expect(operations.allSatisfy { $0.steps.allSatisfy { $0.effect == .claim } && !$0.followsCommit })
  }

  @Test("a transfer takes a guarded amount from one account and gives it to another", arguments: [true, false])
  func transfer(ordered: Bool) throws {
    let workload = try make("transfer", keys: 10, ["ordered": .flag(ordered), "maximum": .integer(3)])
    let operations = draw(workload)
    for steps in operations.map(\.steps) {
      #expect(steps.count == 2)
      #expect(steps[0].operand == -steps[1].operand)
      for step in steps {
        #expect((1...3).contains(step.operand.magnitude))
        #expect(step.bound == (step.operand < 0 ? 0 : .min))
      }
    }
    let ascending = operations.count { $0.steps[0].key < $0.steps[1].key }
    #expect(ordered ? ascending == 2000 : (800...1200).contains(ascending))
    #expect(ordered || operations.allSatisfy { $0.steps[0].operand < 0 })
  }

  @Test("an order is noted, paid, taken from the stock and given to a carrier, in this order")
  func order() throws {
    let workload = try make("order", keys: 12, ["price": .integer(7), "quantity": .integer(2), "initial": .integer(9)])
    #expect(workload.recordCount == 12 && workload.isOrdered && workload.applicability == .any)
    #expect((0..<4).map(workload.initialValue) == [0, 9, 9, 9])
    #expect(workload.checkers.map(\.name) == ["whole-orders", "minimum", "ledger"])
    for steps in draw(workload).map(\.steps) {
      #expect(steps.map { $0.key % 4 } == [0, 1, 2, 3])
      #expect(steps.map(\.operand) == [1, -7, -2, -1] && steps.map(\.bound) == [1, 0, 0, 0])
    }
    #expect(Set(draw(workload).flatMap { $0.steps.map(\.key) }).count == 12)
  }

  @Test("what a service declines it always declines, as often as stated")
  func declinedOrders() throws {
    let workload = try make(
      "order", keys: 4,
      ["declined": .number(0.5), "out-of-stock": .number(0.25), "carrier-down": .number(0.1)])
    let operations = draw(workload)
    for (service, share) in [0, 0.5, 0.25, 0.1].enumerated() {
      let steps = operations.map { $0.steps[service] }
      let declined = steps.filter { $0.apply(to: 1 << 50, token: 1) == nil }
      #expect(abs(Double(declined.count) - 2000 * share) <= 5 * (2000 * share * (1 - share)).squareRoot())
      // What it asks for does not depend on it, so that the ledgers of unknown outcomes do not, either.
      #expect(Set(steps.map(\.operand)).count == 1)
    }
  }

  @Test("a profile is read or changed as a whole, in the stated proportion", arguments: [0, 0.25, 0.95, 1])
  func profile(share: Double) throws {
    let workload = try make("profile", keys: 4, ["fields": .integer(3), "reads": .number(share)])
    #expect(workload.recordCount == 12)
    let operations = draw(workload)
    for steps in operations.map(\.steps) {
      #expect(steps[0].key % 3 == 0)
      #expect(steps.map(\.key) == [steps[0].key, steps[0].key + 1, steps[0].key + 2])
      #expect(Set(steps.map(\.effect)).count == 1)
    }
    let reads = operations.count { $0.steps[0].effect == .read }
    #expect(abs(Double(reads) - 2000 * share) <= 5 * (2000 * share * (1 - share)).squareRoot())
  }

  @Test("a profile promises only what its mix can show")
  func profileInvariants() throws {
    func names(_ options: [String: OptionValue]) throws -> [String] {
      try make("profile", keys: 1, options).checkers.map(\.name)
    }
    #expect(try names([:]) == ["consistent-reads", "fresh-reads", "session-reads", "ledger"])
    #expect(try names(["fields": .integer(1)]) == ["fresh-reads", "session-reads", "ledger"])
    #expect(try names(["reads": .integer(1)]) == ["consistent-reads", "fresh-reads", "session-reads"])
    #expect(try make("profile", keys: 1, ["reads": .integer(0)]).checkers.map(\.name) == ["ledger"])
    #expect(try make("profile", keys: 1).applicability == .any)
    #expect(try make("profile", keys: 1, ["fields": .integer(1)]).applicability == .singleKey)
  }

  @Test("options that do not fit together are explained in one sentence")
  func problems() throws {
    func problem(_ kind: String, keys: Int, _ stated: [String: OptionValue]) throws -> String? {
      let type = try #require(WorkloadRegistry.type(withID: kind))
      let options = Options(type.descriptor.options, stated: stated)
      return type.problem(in: WorkloadSettings(kind: kind, keys: keys, options: options))
    }
    #expect(
      try problem("seats", keys: 3, ["span": .integer(4)]) == "a span of 4 units needs at least 4 keys, but keys is 3")
    #expect(try problem("seats", keys: 4, ["span": .integer(4)]) == nil)
    #expect(try problem("profile", keys: 1 << 30, ["fields": .integer(8)]) != nil)
    #expect(try problem("profile", keys: 1 << 20, ["fields": .integer(8)]) == nil)
    let five = try #require(try problem("order", keys: 5, [:]))
    #expect(five == "an order takes one record of each of 4 services, so keys must be a multiple of 4, but is 5")
    #expect(try problem("order", keys: 8, [:]) == nil)
    for shards in 1...4 {
      var settings = WorkloadSettings(kind: "order", keys: 8)
      settings.shards = shards
      #expect((OrderWorkload.problem(in: settings) == nil) == (shards != 3))
    }
    for kind in ["counter", "stock", "transfer"] { #expect(try problem(kind, keys: 2, [:]) == nil) }
    // Made without asking first, such a workload claims what there is.
    #expect(draw(try make("seats", keys: 3, ["span": .integer(4)]), 2)[0].steps.count == 3)
  }
}
