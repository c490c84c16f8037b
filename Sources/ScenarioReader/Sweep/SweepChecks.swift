internal import Model

/// What must hold between variants, and whose fault it is when one of them cannot be run.
extension Sweep {
  /// Values can be written in several ways: `1ms` and `1000us`. Nil stands for a variant that could not be read.
  func checkDistinct(_ variants: [Variant?], _ diagnostics: inout Diagnostics) {
    let combinations = combinations
    var reported: Set<[Int]> = []
    for (later, second) in variants.enumerated() {
      for (earlier, first) in variants.prefix(later).enumerated() {
        guard let first, let second, first.hasSettings(of: second),
          let axis = axes.indices.first(where: { combinations[earlier][$0] != combinations[later][$0] }),
          reported.insert([axis, combinations[later][axis]]).inserted
        else { continue }
        let value = axes[axis].values[combinations[later][axis]]
        let other = axes[axis].values[combinations[earlier][axis]]
        let message = "\(value.valueForMessage) is the same as \(other.valueForMessage); keep one of them"
        diagnostics.report(value.place, "sweep.\(axes[axis].path)", message)
      }
    }
  }

  /// More trials than anybody would wait for are a mistake, swept or not.
  func checkTrials(of scenario: Scenario, _ diagnostics: inout Diagnostics) {
    let parts = [
      (scenario.strategies.count, "strategies"), (scenario.workers.count, "numbers of workers"),
      (scenario.variants.count, "variants"), (scenario.repetitions, "repetitions"),
    ]
    let count = parts.reduce(1) { $0 * $1.0 }
    guard count > Self.maximumTrials else { return }
    let factors = parts.filter { $0.0 > 1 }.map { "\($0.0) \($0.1)" }.joined(separator: " x ")
    let message = "\(factors) make \(count) trials, above the maximum \(Self.maximumTrials); split the scenario"
    diagnostics.report(place ?? .file, place == nil ? nil : "sweep", message)
  }

  /// The problems of all variants, each once, at the value in `sweep` that brings it about.
  ///
  /// - Parameter found: the problems of each combination.
  func attributed(_ found: [[Problem]]) -> [Problem] {
    guard found.count > 1 else { return found.first ?? [] }
    var order: [Problem] = []
    var occurrences: [Problem: Set<Int>] = [:]
    for (variant, problems) in found.enumerated() {
      for problem in problems {
        if occurrences[problem] == nil { order.append(problem) }
        occurrences[problem, default: []].insert(variant)
      }
    }
    // A variant with a bad value was not read to its end, so that its other problems may be missing.
    let readable = Set(found.indices.filter { hasGoodValues(found[$0]) })
    return order.flatMap { problem in
      let variants = occurrences[problem] ?? []
      let isOfAll = variants.isSuperset(of: readable)
      return isOfAll || !hasGoodValues([problem]) ? [problem] : blamed(problem, variants, readable)
    }
  }

  /// Whether none of the problems is at a path or a value of the sweep.
  func hasGoodValues(_ problems: [Problem]) -> Bool {
    !problems.contains { problem in
      axes.contains { $0.place == problem.place || $0.values.contains { $0.place == problem.place } }
    }
  }

  /// A problem of some variants: at each value whose variants all have it, or else in the words of the first variant.
  private func blamed(_ problem: Problem, _ variants: Set<Int>, _ readable: Set<Int>) -> [Problem] {
    let combinations = combinations
    func moved(to place: Problem.Place, _ addition: String = "") -> Problem {
      Problem(path: problem.path, place: place, subject: problem.subject, message: problem.message + addition)
    }
    let guilty = axes.indices.flatMap { axis in
      axes[axis].values.indices.filter { value in
        let concerned = readable.filter { combinations[$0][axis] == value }
        return !concerned.isEmpty && variants.isSuperset(of: concerned)
      }.map { moved(to: axes[axis].values[$0].place) }
    }
    guard guilty.isEmpty, let first = variants.min(), let last = axes.last, let value = combinations[first].last else {
      return guilty
    }
    return [moved(to: last.values[value].place, " (in the variant \(name(of: combinations[first])))")]
  }
}

extension Variant {
  /// Whether another variant would do the very same.
  fileprivate func hasSettings(of other: Variant) -> Bool {
    var renamed = other
    renamed.name = name
    return self == renamed
  }
}
