import Glibc
import Testing

@testable import Hosts

/// Who is let in, and who is not.
@Suite struct ListenerTests {
  init() { signal(SIGPIPE, SIG_IGN) }

  /// A listener on this host and its address.
  func listen(
    _ token: RunToken = .random(), patience: Int64 = 60_000_000_000
  ) throws -> (ChannelListener, HostAddress) {
    let listener = try ChannelListener(HostAddress("127.0.0.1:0"), token: token, patience: patience)
    return (listener, HostAddress(host: "127.0.0.1", port: listener.port))
  }

  /// A connection that says only what it is given.
  func open(_ address: HostAddress, saying text: [UInt8] = []) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = address.port.bigEndian
    target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &target) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(status == 0)
    if !text.isEmpty { #expect(write(descriptor, text, text.count) == text.count) }
    return descriptor
  }

  /// Lets in and turns away until somebody was turned away.
  func refusals(of listener: ChannelListener) throws -> [String] {
    while true {
      try waitForInput(listener.descriptor)
      let (arrived, refused) = listener.accept()
      #expect(arrived.isEmpty)
      if !refused.isEmpty { return refused }
    }
  }

  @Test func anotherTokenIsRefusedOnBothSides() throws {
    let (listener, address) = try listen()
    let agent = Beside { try Channel.connect(to: address, token: .random(), until: moment()) { false } }
    let refused = try refusals(of: listener)
    #expect(refused.count == 1)
    #expect(refused[0].hasPrefix("127.0.0.1:"))
    #expect(refused[0].hasSuffix("does not know the token of this run"))
    let failure = #expect(throws: HostFailure.self) { try agent.value() }
    #expect(failure?.kind == .refused)
    #expect(failure?.message.contains("does not know our token") == true)
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}nonsense",
  ])
  func foreignBytesAreRefused(text: String) throws {
    let (listener, address) = try listen()
    let client = try open(address, saying: Array(text.utf8))
    defer { close(client) }
    let refused = try refusals(of: listener)
    #expect(refused.count == 1)
    #expect(refused[0].contains("is no worker of contend"))
  }

  @Test func whoConnectsToSomethingElseIsTold() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #expect(Glibc.listen(listener, 5) == 0)
    let address = HostAddress(host: "127.0.0.1", port: try #require(SocketName.own(of: listener)).port)
    let server = Beside {
      let accepted = accept(listener, nil, nil)
      _ = write(accepted, "220 mail ESMTP\r\n", 16)
      return accepted
    }
    let failure = #expect(throws: HostFailure.self) {
      try Channel.connect(to: address, token: .random(), until: moment()) { false }
    }
    #expect(failure?.kind == .refused)
    #expect(failure?.message.contains("is no driver of contend") == true)
    close(try server.value())
    close(listener)
  }

  @Test func sixtyFourMayBeOnTheirWayIn() throws {
    let token = RunToken.random()
    let (listener, address) = try listen(token, patience: 1_000_000_000)
    let silent = try (0..<80).map { _ in try open(address) }
    defer { for client in silent { close(client) } }
    try waitForInput(listener.descriptor)
    #expect(listener.accept().refused.isEmpty)
    #expect(listener.halfOpen == 64)
    // Those that had their time make place for the others, and for one that knows the token.
    let agent = Beside { try Channel.connect(to: address, token: token, until: moment()) { false } }
    var refused: [String] = []
    var arrived: [Channel] = []
    while refused.count < 80 || arrived.isEmpty {
      try waitForInput(listener.descriptor)
      let some = listener.accept()
      refused += some.refused
      arrived += some.arrived
      #expect(listener.halfOpen <= 64)
    }
    #expect(refused.count == 80)
    #expect(refused.allSatisfy { $0.contains("has not shown the token") })
    #expect(arrived.count == 1)
    _ = try agent.value()
    // Closed without an answer.
    var byte: UInt8 = 0
    #expect(silent.allSatisfy { read($0, &byte, 1) <= 0 })
  }

  @Test func aStrangerMayNotSayMuch() throws {
    let (listener, address) = try listen()
    // A record that announces 16,000 bytes of handshake and goes on for 5,000.
    let client = try open(
      address, saying: [22, 3, 1, 0x3E, 0x80, 1, 0, 0x3E, 0x7C] + [UInt8](repeating: 0, count: 5000))
    defer { close(client) }
    #expect(try refusals(of: listener).count == 1)
    #expect(listener.halfOpen == 0)
  }

  @Test func whoLeavesIsForgotten() throws {
    let (listener, address) = try listen()
    close(try open(address))
    #expect(try refusals(of: listener)[0].contains("has gone before"))
    #expect(listener.halfOpen == 0)
  }

  @Test func nobodyWhoListensIsTriedAgainUntilTheEnd() throws {
    let (listener, address) = try listen()
    _ = consume listener
    var asked = 0
    let failure = #expect(throws: HostFailure.self) {
      try Channel.connect(to: address, token: .random(), until: moment()) {
        asked += 1
        return asked > 3
      }
    }
    #expect(failure?.kind == .unavailable)
    let late = #expect(throws: HostFailure.self) {
      try Channel.connect(to: address, token: .random(), until: moment(inSeconds: 0)) { false }
    }
    #expect(late?.message.contains(address.description) == true)
  }

  @Test func aDriverThatComesLaterIsFound() throws {
    let token = RunToken.random()
    let port: UInt16
    do {
      let (listener, _) = try listen(token)
      port = listener.port
    }
    let address = HostAddress(host: "127.0.0.1", port: port)
    let agent = Beside { try Channel.connect(to: address, token: token, until: moment()) { false } }
    usleep(150_000)
    let later = try ChannelListener(address, token: token)
    var arrived: [Channel] = []
    while arrived.isEmpty {
      try waitForInput(later.descriptor)
      arrived = later.accept().arrived
    }
    _ = try agent.value()
  }

  @Test func aTakenPortIsSaid() throws {
    let (listener, address) = try listen()
    let failure = #expect(throws: HostFailure.self) { try ChannelListener(address, token: .random()) }
    #expect(failure?.message.contains("cannot listen on \(address)") == true)
    #expect(listener.port == address.port)
  }

  @Test func theKeyIsThatOfTheStandard() {
    // RFC 5869, A.1: its first 32 bytes.
    let derived = SharedKey.derive(
      [UInt8](repeating: 0x0B, count: 22), salt: Array(0...12), info: Array(0xF0...0xF9))
    #expect(derived.prefix(8) == [0x3C, 0xB2, 0x5F, 0x25, 0xFA, 0xAC, 0xD5, 0x7A])
    #expect(derived.suffix(4) == [0xEC, 0xC4, 0xC5, 0xBF])
    #expect(derived.count == 32)
  }
}
