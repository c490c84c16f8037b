import Model
import Testing

/// RFC 3986, section 2.1.
@Suite struct PercentEncodingTests {
  @Test func `what is encoded comes back`() {
    for text in ["", "/run/a b/50%", "p@ss:word/?#[]", "z\u{fc}rich \u{1F600}", "-._~"] {
      #expect(text.percentEncoded.percentDecoded == text)
    }
    #expect("a b/%".percentEncoded == "a%20b/%25")
  }

  @Test func `what is no escape, or no text, is refused`() {
    for text in ["%", "%4", "%4g", "%+1", "%ff"] { #expect(text.percentDecoded == nil) }
    #expect("%41%c3%bc"[...].percentDecoded == "A\u{fc}")
  }
}
