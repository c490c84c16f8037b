internal import CLinux
internal import Glibc

/// A file descriptor that is closed when its last owner lets go of it, or earlier on request.
final class Descriptor {
  private(set) var number: CInt

  /// Takes ownership.
  init(owning number: CInt) { self.number = number }
  deinit { close() }

  /// Closes it now; later calls do nothing.
  func close() {
    guard number >= 0 else { return }
    Glibc.close(number)
    number = -1
  }

  /// Opens a file for programs that we start; they cannot inherit it by accident.
  static func open(_ path: String, _ flags: CInt) throws(ServiceFailure) -> Descriptor {
    let number = Glibc.open(path, flags | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw ServiceFailure("cannot open \(path): \(systemErrorText())") }
    return Descriptor(owning: number)
  }

  /// The two ends of a new pipe.
  static func pipe() throws(ServiceFailure) -> (reading: Descriptor, writing: Descriptor) {
    var ends: [CInt] = [-1, -1]
    guard clinux_pipe(&ends) == 0 else { throw ServiceFailure("cannot open a pipe: \(systemErrorText())") }
    return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
  }
}
