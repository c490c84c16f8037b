#if ZooKeeper
internal import Model

/// A client's node in the queue of a lock, `_c_<GUID>-lock-<number>`.
struct LockPlace {
  let key: Int32
  /// The queue.
  let parent: String
  /// By which the client knows its node when the answer to the create was lost.
  private let guid: String
  /// The node; known when the server has given it its number.
  private(set) var path = ""
  private var number: Int32 = 0
  /// The transaction that created the node: the fencing token.
  private(set) var creation: Int64 = 0
  /// Whether the lock was held by it.
  var wasGranted = false

  init(key: Int32, parent: String, random: inout RandomSource) {
    self.key = key
    self.parent = parent
    guid = Self.hexadecimal(random.next()) + Self.hexadecimal(random.next())
  }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// What to create; the server appends the number.
  var prefix: String { "\(parent)/_c_\(guid)-lock-" }

  mutating func setPath(_ path: String, creation: Int64) {
    self.path = path
    self.creation = creation
    number = Self.number(of: path) ?? 0
  }

  func isOurs(_ name: String) -> Bool { name.hasPrefix("_c_" + guid) }

  enum Turn: Equatable {
    case holds
    /// The path of the node just before ours.
    case waits(String)
    case isGone
  }

  /// Whose turn it is. Numbers count, not names, which begin with GUIDs.
  func turn(among names: [String]) -> Turn {
    var isThere = false
    var predecessor: (number: Int32, name: String)?
    for name in names {
      guard let other = Self.number(of: name) else { continue }
      if other == number { isThere = true }
      if other < number, other >= predecessor?.number ?? .min { predecessor = (other, name) }
    }
    guard isThere else { return .isGone }
    return predecessor.map { .waits(parent + "/" + $0.name) } ?? .holds
  }

  /// What follows `-lock-`: ten digits, or a minus and ten digits after 2^31 nodes.
  private static func number(of name: String) -> Int32? {
    guard let dash = name.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    let isNegative = name[..<dash].hasSuffix("-lock-")
    return Int32(isNegative ? name[dash...] : name[name.utf8.index(after: dash)...])
  }
}
#endif
