import Testing
import Words

/// Text that fits.
struct TextLayoutTests {
  @Test("alignment fills up and never cuts")
  func alignment() {
    #expect("ab".leftAligned(4) == "ab  ")
    #expect("ab".rightAligned(4) == "  ab")
    #expect("abcde".rightAligned(4) == "abcde")
  }

  @Test("a label is cut in the middle", arguments: [(9, "abcdefghi"), (8, "abc..ghi"), (7, "abc..hi"), (2, "ab")])
  func shortened(width: Int, text: String) { #expect("abcdefghi".shortened(width) == text) }

  @Test("lines break at blanks, and words that are too long anywhere")
  func wrapped() {
    #expect("one two three".wrapped(20) == ["one two three"])
    #expect("one two three".wrapped(8) == ["one two", "  three"])
    #expect("one abcdefghijklmno two".wrapped(10) == ["one", "  abcdefgh", "  ijklmno", "  two"])
    #expect("".wrapped(10) == [])
  }

  @Test("control characters of a server's message do not reach the terminal")
  func printable() {
    #expect("a\u{1B}[2Jb\r\nc\u{9B}d".printable.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x9B })
    #expect("a\r\nb".wrapped(10) == ["a b"])
  }

  @Test("what turns the direction of text or has no width does not reach the terminal either")
  func invisible() {
    #expect("a\u{202E}b\u{2066}c\u{200B}d\u{2028}e\u{FFFE}".printable == "a b c d e ")
    #expect("naïve 名 ×…".printable == "naïve 名 ×…")
  }

  @Test("characters at the end are taken away, others stay")
  func trailing() {
    #expect("  a b  ".withoutTrailing() == "  a b")
    #expect("1.500".withoutTrailing("0") == "1.5")
    #expect("   ".withoutTrailing() == "")
  }

  @Test(
    "names in a sentence",
    arguments: [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")])
  func names(names: [String], text: String) { #expect(listed(names, "or") == text) }
}
