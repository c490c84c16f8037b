/// The descriptors that a loop watches, by the number that comes with their events.
///
/// The kernel may report a descriptor after its owner has let go of it: a process that was started meanwhile keeps a
/// copy until it runs its own program. A number that is out of date is nobody's, where an address would be a dangling one.
struct Registrations {
  private var owners: [Unmanaged<Readiness>?] = []
  private var generations: [UInt32] = []
  private var free: [Int] = []

  /// Takes an owner, which it does not retain; returns its number, which is never 0.
  mutating func add(_ owner: Readiness) -> UInt64 {
    let slot: Int
    if let reused = free.popLast() {
      slot = reused
    } else {
      slot = owners.count
      owners.append(nil)
      generations.append(0)
    }
    owners[slot] = Unmanaged.passUnretained(owner)
    return UInt64(generations[slot]) << 32 | UInt64(slot + 1)
  }

  /// Forgets an owner; does nothing when it has been forgotten.
  mutating func remove(_ number: UInt64) {
    guard let slot = slot(of: number) else { return }
    owners[slot] = nil
    generations[slot] &+= 1
    free.append(slot)
  }

  /// The owner of a number; nil when it was forgotten.
  @inline(__always) func owner(of number: UInt64) -> Unmanaged<Readiness>? { slot(of: number).flatMap { owners[$0] } }

  @inline(__always) private func slot(of number: UInt64) -> Int? {
    let slot = Int(number & 0xFFFF_FFFF) - 1
    return owners.indices.contains(slot) && generations[slot] == UInt32(number >> 32) ? slot : nil
  }
}
