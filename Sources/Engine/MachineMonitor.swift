internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Proxy
internal import Runtime
internal import Services
internal import Words

/// Reads from /proc how the machine is shared: who used the CPUs, and who waited for them.
struct MachineMonitor {
  /// CPU seconds at one moment.
  struct Snapshot {
    var moment: Int64 = 0
    var steal = 0.0
    var idle = 0.0
    var pressure = 0.0
    var own = 0.0
    var servers = 0.0
    /// What the proxies between workers and servers have used: the network's part, and not the client's.
    var proxies = 0.0
    /// What all programs have used, ours among them; nil when some may be hidden from us.
    var programs: ProgramTimes?
  }

  /// Limits above which a trial counts as disturbed (`measurement` 3.3).
  static let foreignLimit = 0.03
  static let stealLimit = 0.01

  private let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
  /// CPU seconds that the managed servers have used.
  let serverSeconds: () -> Double

  /// Takes a snapshot; `processes` are our worker processes.
  ///
  /// - Parameter withChildren: whether what they have started is ours, too.
  func snapshot(processes: [pid_t], withChildren: Bool = false) -> Snapshot {
    var snapshot = Snapshot()
    let fields = text(of: "/proc/stat").split(separator: "\n").first.map { $0.split(separator: " ") } ?? []
    let ticks = fields.dropFirst().compactMap { Double($0) }
    snapshot.moment = monotonicNow()
    if ticks.count >= 8 {
      snapshot.idle = (ticks[3] + ticks[4]) / ticksPerSecond
      snapshot.steal = ticks[7] / ticksPerSecond
    }
    snapshot.pressure = pressureSeconds()
    // A worker process that has ended counts with the driver that reaped it.
    snapshot.proxies = ProcessTree.threads(named: ServiceProxy.threadName).reduce(0) { $0 + cpuSeconds(ofThread: $1) }
    let driver = cpuSeconds(of: getpid()) - snapshot.proxies + Double(clinux_reaped_cpu_ns()) / 1e9
    snapshot.own = processes.reduce(driver) {
      $0 + cpuSeconds(of: $1) + (withChildren ? ProcessTree.cpuSeconds(below: $1) : 0)
    }
    snapshot.servers = serverSeconds()
    snapshot.programs = ProcessTree.programTimes()
    return snapshot
  }

  /// What happened between two snapshots.
  func share(from first: Snapshot, to last: Snapshot, cpus: Set<Int>) -> MachineShare {
    var share = MachineShare()
    let steal = last.steal - first.steal
    let total = max(1e-9, Double(last.moment - first.moment) / 1e9 * Double(Self.processors))
    // What was not idle: the kernel counts idle time to the nanosecond, but charges a whole tick to whoever runs when it
    // ends. Over a tenth of a second the sum of the latter is off by a tenth of a CPU.
    let busy = total - steal - (last.idle - first.idle)
    share.ownCPUSeconds = max(0, last.own - first.own)
    share.serverCPUSeconds = max(0, last.servers - first.servers)
    // Much of it belongs to no program: a virtual CPU that sleeps and wakes up a hundred thousand times a second spends
    // 5 % on that, and writing to disks takes threads of the kernel. That is not others' doing.
    let used = min(busy, first.programs.flatMap { last.programs?.used(since: $0) } ?? busy)
    let proxies = max(0, last.proxies - first.proxies)
    share.foreignRatio = max(0, used - share.ownCPUSeconds - share.serverCPUSeconds - proxies) / total
    share.stealRatio = max(0, steal) / total
    share.pressureRatio = min(1, max(0, last.pressure - first.pressure) / max(1e-9, total / Double(Self.processors)))
    share.cpus = cpus.sorted()
    if share.foreignRatio > Self.foreignLimit {
      share.disturbances.append(Self.foreignUse(share.foreignRatio))
    }
    if share.stealRatio > Self.stealLimit {
      share.disturbances.append(Self.stolen(share.stealRatio))
    }
    return share
  }

  /// What disturbs, in words.
  static func foreignUse(_ ratio: Double) -> String { "others used \(formatPercent(ratio)) of the CPUs" }
  static func stolen(_ ratio: Double) -> String { "the hypervisor withheld \(formatPercent(ratio)) of the CPUs" }

  /// Processors that are online.
  static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Seconds since the start during which some task waited for a CPU (pressure stall information).
  private func pressureSeconds() -> Double {
    let line = text(of: "/proc/pressure/cpu").split(separator: "\n").first ?? ""
    return line.split(separator: "=").last.flatMap { Double($0) }.map { $0 / 1e6 } ?? 0
  }

  /// User and system time of a process that we started, all threads, by its CPU clock: exact, where /proc counts ticks.
  private func cpuSeconds(of process: pid_t) -> Double {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The same of one thread of ours.
  private func cpuSeconds(ofThread thread: pid_t) -> Double {
    var time = timespec()
    guard clock_gettime(clinux_thread_cpu_clock(thread), &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The text of a small file of /proc; empty when it cannot be read.
  private func text(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = read(descriptor, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
  }
}
