internal import CHiredis
internal import Runtime

/// What kind of reply the server gave.
enum ReplyKind: UInt8 {
  /// A short text that means success, such as `OK` or `QUEUED`.
  case status
  /// An error; ``ReplyReader/error`` tells which.
  case error
  /// A number.
  case integer
  /// A string of bytes.
  case text
  /// Nothing: a key that is not there, a condition that did not hold, a transaction that was called off.
  case nothing
  /// Several replies in one.
  case array
}

/// Parses the replies of one request with hiredis' reader, without building an object per reply.
///
/// The functions given to the reader only note what came: a request's replies are a few numbers at most. A parser of our
/// own would have little to gain: hiredis takes under 2 % of the client's CPU time (64 workers, `SET`; `perf`), the
/// kernel three quarters.
struct ReplyReader: ~Copyable {
  private let reader: UnsafeMutablePointer<redisReader>
  private let notes: UnsafeMutablePointer<ReplyNotes>

  /// Nil when there is no memory.
  init?() {
    guard let reader = redisReaderCreateWithFunctions(ReplyNotes.functions) else { return nil }
    self.reader = reader
    notes = .allocate(capacity: 1)
    notes.initialize(to: ReplyNotes())
    reader.pointee.privdata = UnsafeMutableRawPointer(notes)
  }

  deinit {
    redisReaderFree(reader)
    notes.pointee.deallocate()
    notes.deallocate()
  }

  /// Before a request is sent: how many replies it will have.
  mutating func expect(_ count: Int) { notes.pointee.expect(count) }

  /// Takes bytes from the server.
  /// - Returns: whether all replies are complete; nil when the bytes are no replies.
  mutating func feed(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool? {
    let status = bytes.withMemoryRebound(to: CChar.self, capacity: count) { redisReaderFeed(reader, $0, count) }
    guard status == REDIS_OK else { return nil }
    while !notes.pointee.isComplete {
      var reply: UnsafeMutableRawPointer?
      guard redisReaderGetReply(reader, &reply) == REDIS_OK else { return nil }
      if reply == nil { return false }
      notes.pointee.complete &+= 1
    }
    return true
  }

  /// The kind of the last reply.
  var kind: ReplyKind { notes.pointee.kind }
  /// The first error among the replies, also within an array.
  var error: ErrorReply? { notes.pointee.error }
  /// The number that reply or element `index` holds as integer or as text; nil when it holds none.
  func number(_ index: Int) -> Int64? {
    notes.pointee.numbered & (1 << UInt32(index)) == 0 ? nil : notes.pointee.numbers[index]
  }
  /// How many elements the last array had.
  var elements: Int { notes.pointee.elements }
  /// The first error, or else the last text that was not a number; cut off after ``ReplyNotes/textCapacity`` bytes.
  var text: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: notes.pointee.text, count: notes.pointee.textLength)
  }
}

/// What hiredis' reader noted of the replies to one request.
struct ReplyNotes {
  static let textCapacity = 200
  /// Replies or elements of an array whose numbers are kept.
  static let numberCapacity = 16

  var complete = 0
  var kind = ReplyKind.nothing
  var error: ErrorReply?
  var elements = 0
  var numbered: UInt32 = 0
  var textLength = 0
  let numbers = UnsafeMutablePointer<Int64>.allocate(capacity: numberCapacity)
  let text = UnsafeMutablePointer<UInt8>.allocate(capacity: textCapacity)
  private var expected = 0

  init() {}

  func deallocate() {
    numbers.deallocate()
    text.deallocate()
  }

  var isComplete: Bool { complete >= expected }

  mutating func expect(_ count: Int) {
    expected = count
    complete = 0
    error = nil
    elements = 0
    numbered = 0
    textLength = 0
  }

  /// Elements of an array are counted from 0, as are replies.
  private mutating func note(_ task: redisReadTask, _ kind: ReplyKind, number: Int64?) {
    let isElement = task.parent != nil
    if !isElement { self.kind = kind }
    let index = isElement ? Int(task.idx) : complete
    guard let number, index < Self.numberCapacity else { return }
    numbers[index] = number
    numbered |= 1 << UInt32(index)
  }

  private mutating func note(_ task: redisReadTask, error text: UnsafeRawBufferPointer) {
    note(task, .error, number: nil)
    guard error == nil else { return }
    error = ErrorReply(text)
    keep(text)
  }

  private mutating func note(_ task: redisReadTask, text: UnsafeRawBufferPointer) {
    let number = Int64(decimal: text)
    note(task, .text, number: number)
    if number == nil && error == nil { keep(text) }
  }

  private mutating func keep(_ source: UnsafeRawBufferPointer) {
    textLength = min(source.count, Self.textCapacity)
    guard let base = source.baseAddress else { return }
    UnsafeMutableRawPointer(text).copyMemory(from: base, byteCount: textLength)
  }

  /// The functions that hiredis calls for each reply and element. They return a mark that only tells it to go on; there
  /// is no object to free. One table for the process, because readers keep its address.
  nonisolated(unsafe) static let functions: UnsafeMutablePointer<redisReplyObjectFunctions> = {
    // because the table never changes after this
    let table = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
    table.initialize(
      to: redisReplyObjectFunctions(
        createString: { task, text, length in
          ReplyNotes.with(task) { notes, task in
            let text = UnsafeRawBufferPointer(start: text, count: length)
            switch task.type {
            case REDIS_REPLY_STATUS: notes.note(task, .status, number: nil)
            case REDIS_REPLY_ERROR: notes.note(task, error: text)
            default: notes.note(task, text: text)
            }
          }
        },
        createArray: { task, count in
          ReplyNotes.with(task) { notes, task in
            notes.note(task, .array, number: nil)
            notes.elements = Int(count)
          }
        },
        createInteger: { task, value in
          ReplyNotes.with(task) { notes, task in notes.note(task, .integer, number: value) }
        },
        createNil: { task in ReplyNotes.with(task) { notes, task in notes.note(task, .nothing, number: nil) } },
        freeObject: { _ in }))
    return table
  }()

  @inline(__always) private static func with(
    _ task: UnsafePointer<redisReadTask>?, _ body: (inout ReplyNotes, redisReadTask) -> Void
  ) -> UnsafeMutableRawPointer? {
    // Nil means "no memory" to hiredis, which cannot be: it calls with a task that carries what it was given.
    guard let task, let notes = task.pointee.privdata else { return nil }
    body(&notes.assumingMemoryBound(to: ReplyNotes.self).pointee, task.pointee)
    return notes
  }
}
