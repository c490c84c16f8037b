internal import Glibc

/// The text of an `errno` value, as in "Permission denied".
func systemErrorText(_ number: CInt = errno) -> String {
  strerror(number).map { String(cString: $0) } ?? "error \(number)"
}

/// Repeats a system call that a signal interrupted.
func retryingInterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
