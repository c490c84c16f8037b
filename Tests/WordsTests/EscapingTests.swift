import Testing
import Words

/// Names come from scenario files, messages from servers: in every format they stay text.
@Suite struct EscapingTests {
  @Test(arguments: [
    ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
    ("a & \"b\" ]]>", "a &amp; &quot;b&quot; ]]&gt;"),
    ("tab\tnew\nline", "tab\tnew\nline"),
    ("\u{0}\u{8}\u{1B}[31mred\u{7F}\u{9F}", "[31mred"),
    ("\u{FFFE}\u{FFFF}\u{1FFFE}\u{FFFD}", "\u{FFFD}"),
    ("user\u{202E}txt.exe\u{2066}", "usertxt.exe"),
    ("naïve 名 👩‍👩‍👧", "naïve 名 👩‍👩‍👧"),
    ("", ""),
  ]) func `XML reads no markup`(text: String, escaped: String) {
    #expect(text.inXML == escaped)
  }

  @Test(arguments: [
    ("<b> & [x](y)", "&lt;b&gt; &amp; \\[x\\](y)"), ("a|b`c`*d*_e_~f~", "a\\|b\\`c\\`\\*d\\*\\_e\\_\\~f\\~"),
    ("# h ! \\ $", "\\# h \\! \\\\ \\$"), ("ask @team, CPU @ 2.50GHz @", "ask &#64;team, CPU @ 2.50GHz @"),
    ("a\nb\u{1B}c\u{202E}d", "a b c d"),
  ]) func `Markdown reads no markup and notifies nobody`(text: String, escaped: String) {
    #expect(text.inMarkdown == escaped)
  }

  @Test func `an HTML page escapes all but markup, and is well-formed`() {
    let page = HTMLDocument(
      title: "a<b", styles: "p{}",
      body: [element("p", [("title", "\"x\"")], [.text("1 < 2"), .markup("<br/>")]), element("hr", [], [])]
    ).text
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"))
    #expect(page.contains("<title>a&lt;b</title>"))
    #expect(page.contains("<style>\np{}</style>"))
    #expect(page.contains("<p title=\"&quot;x&quot;\">1 &lt; 2<br/></p>\n<hr/>"))
    #expect(page.contains("default-src &#39;none&#39;") && page.hasSuffix("</html>\n"))
  }
}
