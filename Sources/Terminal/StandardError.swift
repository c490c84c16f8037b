@preconcurrency internal import Glibc

/// Writes text to standard error, in its place among what was printed: standard output is flushed first, for both may go
/// to one file, and what waits in its buffer would be cut in two by a line that came later.
public func writeToStandardError(_ text: String) {
  fflush(stdout)
  fputs(text, stderr)
}
