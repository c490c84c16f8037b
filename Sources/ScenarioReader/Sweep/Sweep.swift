internal import Model

/// The settings of a scenario that are swept, and the combinations of their values.
struct Sweep {
  /// A swept setting.
  struct Axis {
    /// Such as `workload.keys`.
    let path: String
    /// Where the path is stated.
    let place: Problem.Place
    /// Its values in the order of the file, at their places; never empty.
    let values: [YAMLNode]
  }

  /// The index of a value for each setting.
  typealias Combination = [Int]

  /// The most variants of a scenario.
  static let maximumVariants = 100
  /// The most trials of a run, over all strategies, numbers of workers, variants and repetitions.
  static let maximumTrials = 100_000

  /// The settings; empty when nothing is swept.
  let axes: [Axis]
  /// Where the key `sweep` is; nil when it is not there.
  let place: Problem.Place?

  /// What a scenario keeps of the sweep.
  var settings: [SweptSetting] {
    axes.map { SweptSetting(path: $0.path, values: $0.values.map { $0.text ?? "" }) }
  }

  /// How many combinations there are, when they are too many.
  var excessiveCount: Int? {
    // Far above the maximum the exact count is of no interest, and it could overflow.
    let count = axes.reduce(1) { min($0 * $1.values.count, 1_000_000_000) }
    return count > Self.maximumVariants ? count : nil
  }

  /// Every combination, the first setting varying slowest; the only one is empty when nothing is swept.
  ///
  /// When they are too many to run, only those that show the problems of each value: where at most one setting differs
  /// from its first value.
  var combinations: [Combination] {
    let first = Combination(repeating: 0, count: axes.count)
    guard excessiveCount == nil else {
      return [first]
        + axes.indices.flatMap { axis in
          axes[axis].values.indices.dropFirst().map { value in
            var combination = first
            combination[axis] = value
            return combination
          }
        }
    }
    return axes.reduce([[]]) { combinations, axis in
      combinations.flatMap { combination in axis.values.indices.map { combination + [$0] } }
    }
  }

  /// `keys=16, hold=1ms`: the last parts of the paths, or whole paths where these are the same.
  func name(of combination: Combination) -> String {
    let names = axes.map { $0.path.split(separator: ".").last.map(String.init) ?? $0.path }
    return zip(axes.indices, combination).map { axis, value in
      let isUnique = names.filter { $0 == names[axis] }.count == 1
      return "\(isUnique ? names[axis] : axes[axis].path)=\(axes[axis].values[value].text ?? "")"
    }.joined(separator: ", ")
  }

  /// Puts the values of a combination into a scenario's tree, so that they are read and checked like any others.
  func apply(_ combination: Combination, to root: inout YAMLNode, _ diagnostics: inout Diagnostics) {
    for (axis, value) in zip(axes, combination) {
      let keys = axis.path.split(separator: ".").map(String.init)
      root.set(keys, to: axis.values[value], at: axis.place, &diagnostics)
    }
  }
}
