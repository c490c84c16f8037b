import Testing

@testable import Charts

@Suite struct MarkupTests {
  @Test(arguments: [
    ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
    ("a & \"b\" ]]>", "a &amp; &quot;b&quot; ]]&gt;"),
    ("tab\tnew\nline", "tab\tnew\nline"),
    ("\u{0}\u{8}\u{1B}[31mred\u{7F}\u{9F}", "[31mred"),
    ("\u{FFFE}\u{FFFF}\u{1FFFE}\u{FFFD}", "\u{FFFD}"),
    ("user\u{202E}txt.exe\u{2066}", "usertxt.exe"),
    ("naïve 名 👩‍👩‍👧", "naïve 名 👩‍👩‍👧"),
    ("", ""),
  ]) func escapesWhatMarkupWouldRead(text: String, escaped: String) {
    #expect(Markup.escaped(text) == escaped)
  }

  @Test func identifiersHoldNothingThatNeedsQuoting() {
    #expect(Markup.identifier("p99/8 \"x\")é") == "p99-8--x---")
  }
}
