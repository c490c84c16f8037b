internal import Model
internal import Runtime

/// What the workers of a host have left behind, as the payload of one frame: its evidence, and the critical sections that
/// are compared with those of other hosts.
///
/// Four bytes with the length of the evidence, the evidence, then for each section its record, the time since the one
/// before it was entered, and its length, as ``ZigZag`` numbers.
struct HostDelivery {
  /// A frame of ``CollectedEvidence``, which has a checksum of its own.
  let evidence: [UInt8]
  let sections: [HeldSection]

  init(evidence: [UInt8], sections: [HeldSection]) {
    self.evidence = evidence
    self.sections = sections
  }

  /// As bytes.
  var payload: [UInt8] {
    var bytes = withUnsafeBytes(of: UInt32(evidence.count).littleEndian) { Array($0) } + evidence
    var before: Int64 = 0
    for section in sections {
      ZigZag.append(Int64(section.key), to: &bytes)
      ZigZag.append(section.entered &- before, to: &bytes)
      ZigZag.append(section.left &- section.entered, to: &bytes)
      before = section.entered
    }
    return bytes
  }

  /// Reads bytes; nil when they make no sense.
  init?(payload: [UInt8]) {
    guard payload.count >= 4 else { return nil }
    let length = payload[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard payload.count >= 4 + length else { return nil }
    evidence = Array(payload[4..<4 + length])
    var found: [HeldSection] = []
    var position = 4 + length
    var before: Int64 = 0
    while position < payload.count {
      guard let key = ZigZag.next(in: payload, at: &position), let distance = ZigZag.next(in: payload, at: &position),
        let time = ZigZag.next(in: payload, at: &position), let record = Int32(exactly: key)
      else { return nil }
      before &+= distance
      found.append(HeldSection(key: record, entered: before, left: before &+ time))
    }
    sections = found
  }
}
