internal import Model

/// The observers of one worker, called one after the other.
///
/// A class, so that the loop calls observers of any type through one pointer: no existential, and nothing to retain.
class Watch {
  /// An operation is about to be sent.
  func begins(_ operation: Operation) {}
  /// An operation has committed.
  func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {}

  /// Observers in the shared memory of a worker; nil when there are none.
  static func make(_ observers: [any Observer.Type], _ memory: TrialMemory, _ thread: ThreadBlock) -> Watch? {
    var word = 0
    var watch: Watch?
    for observer in observers {
      precondition(word + observer.wordsPerRecord <= RecordSlot.observedWords, "a record has no more room to observe")
      watch = link(observer, memory.observed(fromWord: word, thread), before: watch)
      word += observer.wordsPerRecord
    }
    return watch
  }

  private static func link<O: Observer>(_: O.Type, _ memory: ObservedMemory, before next: Watch?) -> Watch {
    Watching(O(memory), before: next)
  }
}

/// One of them.
private final class Watching<O: Observer>: Watch {
  private var observer: O
  private let next: Watch?

  init(_ observer: O, before next: Watch?) {
    self.observer = observer
    self.next = next
  }

  override func begins(_ operation: Operation) {
    observer.begins(operation)
    next?.begins(operation)
  }

  override func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {
    observer.committed(operation, values, counts)
    next?.committed(operation, values, counts)
  }
}
