internal import Model
internal import Runtime
internal import Synchronization

/// How often something has happened, for those who ask from another thread.
public final class CutTally: Sendable {
  let value = Atomic<Int>(0)
  init() {}
  /// How many connections were cut.
  public var count: Int { value.load(ordering: .relaxed) }
}

/// A cut that waits for its requests. Used by the proxy's thread.
final class ArmedCut {
  let selection: RequestSelection
  let means: CutMeans
  let tally: CutTally
  private let kind: [UInt8]
  private let deadline: Int64
  private var random: RandomSource
  private var seen = 0
  /// Connections that hang or are half open.
  var held: [Connection] = []

  init(_ selection: RequestSelection, _ means: CutMeans, until deadline: Int64, seed: UInt64, _ tally: CutTally) {
    self.tally = tally
    self.selection = selection
    self.means = means
    self.deadline = deadline
    kind = selection.kind.uppercased().utf8.map { $0 }
    random = RandomSource(seed: seed, stream: 11)
  }

  /// Whether a request that begins so is cut.
  func chooses(_ text: UnsafeRawBufferPointer) -> Bool {
    guard matches(text), monotonicNow() < deadline else { return false }
    seen += 1
    return switch selection.which {
    case .number(let number): seen == number
    case .share(let share): random.fraction() < share
    }
  }

  /// Whether a text begins with the kind, as a word of its own.
  private func matches(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let start = text.firstIndex(where: { $0 > UInt8(ascii: " ") }), text.count - start >= kind.count else {
      return false
    }
    for (index, letter) in kind.enumerated() where Self.uppercase(text[start + index]) != letter { return false }
    let next = start + kind.count
    return next == text.count || !Self.isOfWord(text[next])
  }

  private static func uppercase(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte - 32 : byte
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch uppercase(byte) {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
