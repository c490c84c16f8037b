/// What of an identifier may stand in `id="..."` and `url(#...)`: letters of ASCII, digits, `-` and `_`; every other
/// character becomes `-`.
func identifier(_ text: String) -> String {
  String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" })
}
