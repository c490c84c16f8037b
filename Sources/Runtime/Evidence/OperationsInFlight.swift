public import Model

extension TrialMemory {
  /// Looks once at what all workers are doing. Costs them nothing: their announcements are there for whoever reads them.
  public func lookAtOperations() -> Encounters {
    var touched: [Touch] = []
    touched.reserveCapacity(layout.workers)
    var count = 0
    for index in 0..<layout.workers {
      guard let (_, operation) = inFlight(ofWorker: index) else { continue }
      count += 1
      for position in 0..<operation.count {
        let step = operation[position]
        touched.append(Touch(key: step.key, worker: index, writes: step.writes))
      }
    }
    touched.sort { $0.key < $1.key }
    var met: Set<Int> = []
    var first = 0
    while first < touched.count {
      var end = first + 1
      while end < touched.count && touched[end].key == touched[first].key { end += 1 }
      Touch.note(touched[first..<end], in: &met)
      first = end
    }
    return Encounters(moments: 1, looks: Int64(count), met: Int64(met.count))
  }

  /// Operations that have committed so far, in whatever phase.
  public var committed: Int64 {
    (0..<layout.threads).reduce(0) { sum, index in
      let block = thread(index)
      return Phase.allCases.reduce(sum) { $0 &+ block.counters($1)[Counter.committed.rawValue] }
    }
  }
}

/// That an operation in flight touches a record.
private struct Touch {
  let key: Int32
  let worker: Int
  let writes: Bool

  /// Notes who is not alone on a record: whoever only reads it disturbs nobody who does the same.
  static func note(_ touches: ArraySlice<Touch>, in met: inout Set<Int>) {
    guard touches.count > 1, let any = touches.first, touches.contains(where: { $0.worker != any.worker }) else {
      return
    }
    for touch in touches where touches.contains(where: { $0.worker != touch.worker && (touch.writes || $0.writes) }) {
      met.insert(touch.worker)
    }
  }
}
