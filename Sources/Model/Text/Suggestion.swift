/// Finds what a user probably meant by a word that is not known.
public enum Suggestion {
  /// ` (did you mean 'x'?)`, or nothing when no candidate is near.
  public static func phrase(for word: String, among candidates: [String]) -> String {
    nearest(to: word, among: candidates).map { " (did you mean '\($0)'?)" } ?? ""
  }

  /// The nearest candidate; case, `-` and `_` do not count, and a third of the letters may be wrong.
  ///
  /// The last part of a dotted candidate stands for all of it: `for-update` finds `postgres.for-update`.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let wanted = letters(of: word)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    if let whole = best(wanted, among: candidates.map { ($0, letters(of: $0)) }) { return whole }
    return best(
      wanted, among: candidates.map { ($0, letters(of: $0.split(separator: ".").last.map(String.init) ?? $0)) })
  }

  private static func best(_ wanted: [Character], among candidates: [(name: String, letters: [Character])]) -> String? {
    candidates
      .map {
        (name: $0.name, distance: distance(wanted, $0.letters), limit: max(1, min(wanted.count, $0.letters.count) / 3))
      }
      .filter { $0.distance <= $0.limit }
      .min { $0.distance < $1.distance }?.name
  }

  private static func letters(of word: String) -> [Character] {
    word.lowercased().filter { $0 != "-" && $0 != "_" }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
  /// (the "optimal string alignment" distance).
  public static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let replacement = last[column] + (first[row] == second[column] ? 0 : 1)
        var least = min(replacement, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          least = min(least, beforeLast[column - 1] + 1)
        }
        current.append(least)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }
}
