internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// A connection whose other side has not proved yet that it knows the token.
final class Stranger {
  let stream: SecureStream
  let peer: String
  /// Until when it may try, of CLOCK_MONOTONIC.
  let deadline: Int64

  /// The most that is read from somebody unknown.
  static let limit: UInt64 = 4096

  /// How far it has come.
  enum State {
    /// Nothing to do until one of these events of epoll.
    case waiting(UInt32)
    /// It knows the token.
    case arrived
    /// It does not; a sentence that says so.
    case refused(String)
  }

  /// Takes over the descriptor; nil when there is no memory.
  init?(_ descriptor: Int32, key: SharedKey, until deadline: Int64) {
    peer = SocketName.peer(of: descriptor)?.description ?? "somebody"
    self.deadline = deadline
    do throws(HostFailure) {
      stream = try SecureStream(descriptor, key: key, isServer: true)
    } catch {
      return nil
    }
  }

  /// Goes on as far as it goes without waiting.
  func advance() -> State {
    let progress = stream.shakeHands()
    let isTooMuch = stream.countRead > Self.limit
    switch progress {
    case .bytes: return .arrived
    case .wantsInput where !isTooMuch && monotonicNow() < deadline: return .waiting(EPOLLIN.rawValue)
    case .wantsRoom where !isTooMuch && monotonicNow() < deadline: return .waiting(EPOLLOUT.rawValue)
    case .wantsInput, .wantsRoom:
      return .refused("\(peer) has not shown the token of this run in time: it is no worker of contend, or a slow one")
    case .closed, .lost: return .refused("\(peer) has gone before it showed the token of this run")
    case .stranger: return .refused("\(peer) does not know the token of this run")
    case .foreign: return .refused("\(peer) is no worker of contend: it does not speak TLS with a token")
    }
  }
}
