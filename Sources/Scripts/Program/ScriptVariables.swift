internal import Glibc
public import Model

/// The value of a variable or of an expression.
public enum ScriptValue: Sendable, Equatable {
  /// SQL's null; also that of a variable that has none.
  case null
  /// True or false.
  case boolean(Bool)
  /// A whole number.
  case integer(Int64)
  /// A number with a fraction.
  case double(Double)
  /// A text from a column or a definition, which an expression turns into one of the others: where it lies among the texts
  /// of ``ScriptVariables``.
  case text(offset: Int32, length: Int32)
}

/// The variables of one worker. Nothing here allocates while operations run, except when a text is longer than any before.
///
/// Owned by the session of the worker, used on its thread only.
public struct ScriptVariables: ~Copyable {
  /// The generator of the operation in hand.
  public var random: RandomSource
  /// Where the texts of a variable may lie: one place for what it was when the operation began, one for what it is.
  private struct Room {
    var offset: Int32 = 0
    var capacity: Int32 = 0
  }

  private let count: Int
  private let values: UnsafeMutablePointer<ScriptValue>
  /// What ``rewind()`` comes back to.
  private let saved: UnsafeMutablePointer<ScriptValue>
  private var savedRandom: RandomSource
  private let rooms: UnsafeMutablePointer<Room>
  private var storage: [UInt8] = []
  /// For expressions.
  let stack: UnsafeMutablePointer<ScriptValue>

  /// The variables of a worker at its start.
  ///
  /// - Parameters:
  ///   - worker: number of the worker over all processes: `:client_id`.
  ///   - seed: of the trial, the same for all of its workers: `:random_seed`, and what `:default_seed` is drawn from.
  public init(_ program: ScriptProgram, worker: Int, seed: UInt64) {
    random = RandomSource(seed: seed)
    savedRandom = random
    count = program.variables.count
    values = .allocate(capacity: count)
    values.initialize(repeating: .null, count: count)
    saved = .allocate(capacity: count)
    saved.initialize(repeating: .null, count: count)
    rooms = .allocate(capacity: count * 2)
    rooms.initialize(repeating: Room(), count: count * 2)
    stack = .allocate(capacity: ExpressionCode.largestDepth)
    stack.initialize(repeating: .null, count: ExpressionCode.largestDepth)
    for (slot, variable) in program.variables.enumerated() {
      if let text = variable.initial {
        Array(text.utf8).withUnsafeBytes { set(slot, text: $0) }
        keepTyped(slot, text)
      } else {
        values[slot] = AutomaticVariable.value(variable.name, worker: worker, seed: seed)
      }
    }
    begin(random)
  }

  deinit {
    values.deallocate()
    saved.deallocate()
    rooms.deallocate()
    stack.deallocate()
  }

  /// Gives a text its type at once where it goes out unchanged: `10`, and not `007`.
  private mutating func keepTyped(_ slot: Int, _ text: String) {
    let stated = values[slot]
    guard case .text(let offset, let length) = stated,
      case .success(let value) = withText(offset: offset, length: length, { LazyText.value(of: $0) }), value != .null
    else { return }
    values[slot] = value
    var bytes: [UInt8] = []
    if !write(slot, to: &bytes) || !bytes.elementsEqual(text.utf8) { values[slot] = stated }
  }

  /// An operation begins: what is drawn depends on its generator only, and ``rewind()`` comes back to here.
  ///
  /// Variables keep their values from one operation of a worker to the next, as in pgbench.
  public mutating func begin(_ random: RandomSource) {
    self.random = random
    savedRandom = random
    saved.update(from: values, count: count)
  }

  /// Another attempt at the operation begins: every variable and the generator are as they were at its begin. pgbench
  /// restores the generator only.
  public mutating func rewind() {
    random = savedRandom
    values.update(from: saved, count: count)
  }

  /// The value of a variable.
  public subscript(slot: Int) -> ScriptValue {
    precondition(slot >= 0 && slot < count)
    return values[slot]
  }

  /// Gives a variable a value that is not a text.
  public mutating func set(_ slot: Int, _ value: ScriptValue) {
    precondition(slot >= 0 && slot < count)
    values[slot] = value
  }

  /// Gives a variable a text, of which a copy is kept.
  public mutating func set(_ slot: Int, text: UnsafeRawBufferPointer) {
    precondition(slot >= 0 && slot < count && text.count <= Int32.max / 4)
    let length = Int32(text.count)
    // What the operation began with must outlive what it is given.
    var room = slot * 2
    if case .text(let offset, _) = saved[slot], offset == rooms[room].offset, rooms[room].capacity > 0 { room += 1 }
    if rooms[room].capacity < length {
      let capacity = max(16, text.count * 2)
      rooms[room] = Room(offset: Int32(storage.count), capacity: Int32(capacity))
      storage.append(contentsOf: repeatElement(0, count: capacity))
    }
    let offset = rooms[room].offset
    if length > 0 {
      storage.withUnsafeMutableBytes { bytes in
        UnsafeMutableRawBufferPointer(rebasing: bytes[Int(offset)..<Int(offset + length)]).copyMemory(from: text)
      }
    }
    values[slot] = .text(offset: offset, length: length)
  }

  /// Appends the value of a variable as text, as it stands in a statement or goes out as a parameter; nothing for null.
  ///
  /// - Returns: false for null.
  public func write(_ slot: Int, to buffer: inout [UInt8]) -> Bool {
    switch self[slot] {
    case .null: return false
    case .boolean(let value): buffer.append(contentsOf: value ? "true".utf8 : "false".utf8)
    case .integer(let value): Self.write(value, to: &buffer)
    case .double(let value): Self.write(value, to: &buffer)
    case .text(let offset, let length):
      buffer.append(contentsOf: storage[Int(offset)..<Int(offset) + Int(length)])
    }
    return true
  }

  /// Calls a body with the bytes of a text value.
  public func withText<Result>(offset: Int32, length: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[Int(offset)..<Int(offset) + Int(length)])) }
  }

  private static func write(_ value: Int64, to buffer: inout [UInt8]) {
    if value < 0 { buffer.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let first = buffer.count
    repeat {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
      buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: remainder))
      rest = quotient
    } while rest > 0
    var (low, high) = (first, buffer.count - 1)
    while low < high {
      buffer.swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  /// Fifteen digits, as `%.15g`; what is no number in PostgreSQL's words.
  private static func write(_ value: Double, to buffer: inout [UInt8]) {
    guard value.isFinite else {
      return buffer.append(contentsOf: value.isNaN ? "NaN".utf8 : value < 0 ? "-Infinity".utf8 : "Infinity".utf8)
    }
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      guard let start = text.baseAddress else { return }
      gcvt(value, 15, start)
      buffer.append(contentsOf: UnsafeRawBufferPointer(start: start, count: strlen(start)))
    }
  }
}

/// The variables that have a value without being given one.
enum AutomaticVariable {
  static let names: Set<String> = ["client_id", "scale", "random_seed", "default_seed"]

  static func value(_ name: String, worker: Int, seed: UInt64) -> ScriptValue {
    switch name {
    case "client_id": return .integer(Int64(worker))
    case "scale": return .integer(1)
    case "random_seed": return .integer(Int64(bitPattern: seed))
    case "default_seed":
      var random = RandomSource(seed: seed, stream: .max)
      return .integer(Int64(bitPattern: random.next()))
    default: return .null
    }
  }
}
