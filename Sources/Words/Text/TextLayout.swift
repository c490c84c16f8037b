extension String {
  /// Filled up with blanks on the right.
  public func leftAligned(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// Filled up on the left, with blanks unless told otherwise.
  public func rightAligned(_ width: Int, fill: Character = " ") -> String {
    String(repeating: fill, count: max(0, width - count)) + self
  }

  /// Without this character at its end, however often it is there.
  public func withoutTrailing(_ character: Character = " ") -> String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == character { end = index(before: end) }
    return String(self[..<end])
  }

  /// Cut in the middle, where labels differ least, to at most this many characters.
  public func shortened(_ width: Int) -> String {
    guard count > width else { return self }
    guard width > 3 else { return String(prefix(width)) }
    let kept = width - 2
    return String(prefix(kept - kept / 2)) + ".." + String(suffix(kept / 2))
  }

  /// Broken at blanks into lines of at most this many characters; all lines but the first are indented.
  public func wrapped(_ width: Int, indent: Int = 2) -> [String] {
    var lines: [String] = []
    var line = ""
    let blanks = String(repeating: " ", count: indent)
    for word in printable.split(separator: " ") {
      if !line.isEmpty, line != blanks, line.count + 1 + word.count > width {
        lines.append(line)
        line = blanks
      }
      line += line.isEmpty || line == blanks ? String(word) : " \(word)"
      while line.count > width {
        lines.append(String(line.prefix(width)))
        line = blanks + String(line.dropFirst(width))
      }
    }
    return line.isEmpty || line == blanks ? lines : lines + [line]
  }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
public func listed(_ names: [String], _ conjunction: String = "and") -> String {
  guard let last = names.last, names.count > 1 else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}
