internal import CLinux
internal import Glibc

/// Asks a server one question over its unix socket, to see whether it answers.
///
/// - Returns: the first bytes of the answer, at most 512; nil when nothing listens or it does not answer in time.
func ask(_ question: [UInt8], socket path: String, timeoutSeconds: Int = 1) -> [UInt8]? {
  guard path.utf8.count <= PrivateDirectory.longestSocketPath else { return nil }
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { field in field.copyBytes(from: path.utf8) }
  return ask(question, family: AF_UNIX, timeoutSeconds) { descriptor in
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

/// The same over a port of the loopback interface, for an answer of so many bytes at most.
func ask(_ question: [UInt8], port: Int, timeoutSeconds: Int = 1, limit: Int = 512) -> [UInt8]? {
  ask(question, family: AF_INET, timeoutSeconds, limit: limit) { descriptor in
    withLoopbackAddress(port) { connect(descriptor, $0, $1) }
  }
}

private func ask(
  _ question: [UInt8], family: CInt, _ seconds: Int, limit: Int = 512, connect: (CInt) -> CInt
) -> [UInt8]? {
  let descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var timeout = timeval(tv_sec: seconds, tv_usec: 0)
  for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
    setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }
  guard connect(descriptor) == 0,
    send(descriptor, question, question.count, CInt(MSG_NOSIGNAL)) == question.count
  else { return nil }

  var answer = [UInt8](repeating: 0, count: limit)
  let length = retryingInterrupted { recv(descriptor, &answer, answer.count, 0) }
  return length > 0 ? Array(answer[..<length]) : nil
}
