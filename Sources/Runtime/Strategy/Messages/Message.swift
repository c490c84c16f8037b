internal import Model

/// A message between services: whole numbers, of which the first two identify it.
///
/// Keeps its memory, so that taking the next message allocates nothing.
public struct Message: Sendable {
  /// All numbers, in the order of the transport: the identity first.
  public private(set) var numbers: [Int64] = []
  /// How often it was delivered, this time included, as far as the transport knows; 1 for the first time.
  public var deliveries: Int64 = 1

  /// The most numbers of a message.
  public static let largestCount = 4 + 4 * Operation.maximumSteps

  /// An empty message, which one that is received replaces.
  public init() { numbers.reserveCapacity(Self.largestCount) }

  /// What it belongs to: the same for all messages of one course.
  public var course: Int64 { numbers.first ?? 0 }
  /// Which message of the course it is. The two together never name two messages.
  public var number: Int64 { numbers.count > 1 ? numbers[1] : 0 }
  /// What it says.
  public var content: ArraySlice<Int64> { numbers.dropFirst(2) }

  /// Becomes another message without content.
  public mutating func begin(course: Int64, number: Int64) {
    numbers.removeAll(keepingCapacity: true)
    numbers.append(course)
    numbers.append(number)
    deliveries = 1
  }

  /// Adds to the content.
  public mutating func append(_ number: Int64) { numbers.append(number) }

  /// Calls a body with the bytes to send: eight for each number, the least significant first.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    // Every processor that this runs on is little-endian.
    numbers.withUnsafeBytes(body)
  }

  /// Becomes the message whose bytes were received; false when these are none of ``withBytes(_:)``.
  public mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    numbers.removeAll(keepingCapacity: true)
    deliveries = 1
    let count = bytes.count / 8
    guard bytes.count % 8 == 0, (2...Self.largestCount).contains(count) else { return false }
    for index in 0..<count {
      numbers.append(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)))
    }
    return true
  }
}

/// How many messages a transport holds for one service.
public struct MessageCounts: Sendable, Equatable {
  /// Those that no service has acknowledged: not delivered yet, or delivered and in hand.
  public var waiting: Int64
  /// Those that were given up.
  public var dead: Int64

  /// Makes counts.
  public init(waiting: Int64, dead: Int64) {
    self.waiting = waiting
    self.dead = dead
  }
}
