internal import Model

/// CPUs of client and servers by the placement of a variant, as masks.
enum Placements {
  /// Nil leaves it to the kernel.
  static func client(_ placement: Placement) -> UInt64? {
    switch placement {
    case .free: nil
    case .same: 1
    case .split: 0x5555_5555_5555_5555 & online
    }
  }

  /// All CPUs when the kernel decides: servers may come from another placement.
  static func servers(_ placement: Placement) -> UInt64 {
    switch placement {
    case .free: online
    case .same: 1
    case .split: MachineMonitor.processors > 1 ? 0xAAAA_AAAA_AAAA_AAAA & online : 1
    }
  }

  private static var online: UInt64 {
    MachineMonitor.processors >= 64 ? .max : (1 << UInt64(MachineMonitor.processors)) - 1
  }
}
