internal import Glibc

/// The text of an `errno` value, as in "Permission denied".
func systemErrorText(_ number: CInt = errno) -> String {
  strerror(number).map { String(cString: $0) } ?? "error \(number)"
}
