import Glibc
import Hosts
import Testing

/// Moments of CLOCK_MONOTONIC for deadlines that a working build never reaches.
func moment(inSeconds seconds: Int64 = 60) -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return (Int64(time.tv_sec) + seconds) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Two channels that are connected within this process.
func makePair() throws -> (Channel, Channel) {
  signal(SIGPIPE, SIG_IGN)
  let (first, second) = try makeSockets()
  return (Channel(plain: first, peer: "second"), Channel(plain: second, peer: "first"))
}

/// Two connected sockets.
func makeSockets() throws -> (Int32, Int32) {
  var ends: [Int32] = [-1, -1]
  try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
  return (ends[0], ends[1])
}

/// Runs a body on a thread of its own and hands over what it makes.
final class Beside<Value> {
  private final class Box { var result: Result<Value, any Error>? }

  private let box = Box()
  private var thread = pthread_t()

  init(_ body: @escaping () throws -> Value) {
    let box = box
    let work = Unmanaged.passRetained(Erased { box.result = Result { try body() } })
    pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Erased>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, work.toOpaque())
  }

  func value() throws -> Value {
    pthread_join(thread, nil)
    return try #require(box.result).get()
  }
}

/// A body that a thread is given.
private final class Erased {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}

/// A listener, and two channels that are connected through it.
func makeTLSPair(token: RunToken = .random()) throws -> (driver: Channel, agent: Channel) {
  signal(SIGPIPE, SIG_IGN)
  let listener = try ChannelListener(HostAddress("127.0.0.1:0"), token: token)
  let address = HostAddress(host: "127.0.0.1", port: listener.port)
  let agent = Beside { try Channel.connect(to: address, token: token, until: moment()) { false } }
  var arrived: [Channel] = []
  while arrived.isEmpty {
    try waitForInput(listener.descriptor)
    arrived = listener.accept().arrived
  }
  return (arrived[0], try agent.value())
}

/// Waits for input, at most 60 s.
func waitForInput(_ descriptor: Int32) throws {
  var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  try #require(poll(&entry, 1, 60_000) > 0)
}

/// Receives until so many frames have come.
func receive(_ count: Int, from channel: Channel, flushing other: Channel? = nil) throws -> [ChannelFrame] {
  var frames: [ChannelFrame] = []
  while frames.count < count {
    try other?.flush()
    frames += try #require(try channel.receive())
  }
  return frames
}
