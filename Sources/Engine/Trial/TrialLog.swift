@preconcurrency internal import Glibc
internal import Runtime
internal import Services

/// A file of one trial that outlives its worker processes and nobody else. Processes of the same user open it anew by
/// ``path``.
final class TrialLog: Sendable {
  private let descriptor: Int32
  /// Where it is found as long as this object lives.
  let path: String

  /// Makes an empty file where servers keep theirs, on a disk if they are.
  init() throws(SystemFailure) {
    let folder = LaunchOptions.defaultTemporaryDirectory
    descriptor = NamelessFile.open(in: folder)
    if descriptor < 0 { throw SystemFailure("make a file for decisions in \(folder)") }
    path = "/proc/\(getpid())/fd/\(descriptor)"
  }

  deinit { close(descriptor) }
}
