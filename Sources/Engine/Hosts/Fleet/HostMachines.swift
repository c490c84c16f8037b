internal import Model

/// How the machines were shared on which the hosts of a trial are. Several hosts may be on one machine, and the driver,
/// too: what one of them counts as others' is then ours.
struct HostMachines {
  private let shares: [(rank: Int, machine: String, seconds: Double, share: MachineShare)]

  /// - Parameter seconds: length of the measured window.
  init(_ members: [FleetMember], seconds: Double) {
    shares = members.compactMap { member in
      member.outcome.map {
        (member.rank, member.hello.machine, max(1e-9, seconds * Double(member.hello.processors)), $0.machine)
      }
    }
  }

  /// CPU seconds of our workers on all hosts.
  private var ownSeconds: Double { shares.reduce(0) { $0 + $1.share.ownCPUSeconds } }

  /// The share of the machine's CPU time that others than we used, as one host saw it.
  private func foreignRatio(_ index: Int, besides driver: Double) -> Double {
    let one = shares[index]
    let others = shares.filter { $0.machine == one.machine && $0.rank != one.rank }
      .reduce(driver) { $0 + $1.share.ownCPUSeconds }
    return max(0, one.share.foreignRatio - others / one.seconds)
  }

  /// Says of a host how busy it was.
  func complete(_ record: inout HostRecord) {
    guard let one = shares.first(where: { $0.rank == record.rank }) else { return }
    record.clientRatio = min(1, one.share.ownCPUSeconds / one.seconds)
    record.busyRatio = min(1, (record.clientRatio ?? 0) + one.share.foreignRatio + one.share.stealRatio)
  }

  /// The shares of all machines in one: what was used added up, what disturbed at its worst.
  ///
  /// - Parameters:
  ///   - driver: the share of the driver's machine.
  ///   - machine: which that is.
  func merged(with driver: MachineShare, on machine: String) -> MachineShare {
    var sum = driver
    sum.ownCPUSeconds += ownSeconds
    sum.cpus = []
    let isShared = shares.contains { $0.machine == machine }
    if isShared { (sum.foreignRatio, sum.disturbances) = (0, []) }
    for (index, one) in shares.enumerated() {
      let here = one.machine == machine ? driver.ownCPUSeconds + driver.serverCPUSeconds : 0
      let foreign = foreignRatio(index, besides: here)
      sum.foreignRatio = max(sum.foreignRatio, foreign)
      sum.stealRatio = max(sum.stealRatio, one.share.stealRatio)
      sum.pressureRatio = max(sum.pressureRatio, one.share.pressureRatio)
      if foreign > MachineMonitor.foreignLimit {
        sum.disturbances.append("host \(one.rank): \(MachineMonitor.foreignUse(foreign))")
      }
      if one.share.stealRatio > MachineMonitor.stealLimit {
        sum.disturbances.append("host \(one.rank): \(MachineMonitor.stolen(one.share.stealRatio))")
      }
    }
    return sum
  }
}
