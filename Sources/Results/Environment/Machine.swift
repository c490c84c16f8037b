/// The hardware and the kernel that a run used.
public struct Machine: Sendable, Equatable, Codable {
  /// Name of the processor.
  public var cpuModel: String?
  /// CPUs that are online.
  public var cpuCount: Int
  /// Hardware threads per core.
  public var threadsPerCore: Int?
  /// Name of the frequency governor; nil where the frequency is not ours to see, as in most virtual machines.
  public var frequencyGovernor: String?
  /// Whether a hypervisor runs below the kernel.
  public var isVirtual: Bool
  /// Memory in bytes.
  public var memoryBytes: UInt64?
  /// Release of the kernel.
  public var kernelRelease: String?
  /// Command line of the kernel.
  public var kernelArguments: String?
  /// The kernel's clock source: `tsc` is the one that is cheap to read.
  public var clockSource: String?
  /// The chosen setting of transparent huge pages.
  public var transparentHugePages: String?
  /// Version of the C library.
  public var glibcVersion: String?
  /// Limit of CPUs that a control group sets, in CPUs; nil when there is none.
  public var cgroupCpuLimit: Double?
}

extension Machine {
  /// Looks at this machine, or at files of the same form below another root.
  init(root: String = "") {
    let info = SystemFiles(root: root)
    let processor = info.lines("/proc/cpuinfo")
    cpuModel = Self.value(of: "model name", in: processor)
    cpuCount = max(1, processor.filter { $0.hasPrefix("processor") }.count)
    isVirtual = Self.value(of: "flags", in: processor)?.split(separator: " ").contains("hypervisor") ?? false
    threadsPerCore = info.text("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list").map(Self.countOfList)
    frequencyGovernor = info.text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    memoryBytes = Self.value(of: "MemTotal", in: info.lines("/proc/meminfo"))
      .flatMap { $0.split(separator: " ").first }.flatMap { UInt64($0) }.map { $0 * 1024 }
    kernelRelease = info.text("/proc/sys/kernel/osrelease")
    kernelArguments = info.text("/proc/cmdline")
    clockSource = info.text("/sys/devices/system/clocksource/clocksource0/current_clocksource")
    transparentHugePages = info.text("/sys/kernel/mm/transparent_hugepage/enabled").flatMap(Self.chosen)
    glibcVersion = Self.libraryVersion()
    cgroupCpuLimit = Self.cpuLimit(info)
  }

  /// The value of a line `name : value`.
  private static func value(of name: String, in lines: [Substring]) -> String? {
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, trimmed(parts[0]) == name { return trimmed(parts[1]) }
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// How many numbers a list such as `0-1,4` has.
  private static func countOfList(_ list: String) -> Int {
    list.split(separator: ",").reduce(0) { count, range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      return count + (ends.count == 2 ? max(0, ends[1] - ends[0]) + 1 : ends.count)
    }
  }

  /// The word in brackets of a list such as `always [madvise] never`.
  private static func chosen(_ list: String) -> String? {
    list.split(separator: " ").first { $0.hasPrefix("[") && $0.hasSuffix("]") }.map {
      String($0.dropFirst().dropLast())
    }
  }

  /// The limit of the control group as seen from inside of it, versions 2 and 1.
  private static func cpuLimit(_ info: SystemFiles) -> Double? {
    let unified = info.text("/sys/fs/cgroup/cpu.max")?.split(separator: " ").map { Double($0) }
    let separate = ["quota", "period"].map { info.text("/sys/fs/cgroup/cpu/cpu.cfs_\($0)_us").flatMap { Double($0) } }
    let parts = unified ?? separate
    guard parts.count == 2, let quota = parts[0], let period = parts[1], quota > 0, period > 0 else { return nil }
    return quota / period
  }
}

/// What the machine was doing at one moment.
public struct MachineLoad: Sendable, Equatable, Codable {
  /// Load averages over 1, 5 and 15 minutes.
  public var loadAverage: [Double]
  /// Share of the last 10 seconds in which some task waited for a CPU (PSI), 0 to 1; nil where the kernel does not tell.
  public var cpuPressureRatio: Double?
  /// Share of the CPU time since boot that the hypervisor withheld, 0 to 1.
  public var stealRatioSinceBoot: Double?
}

extension MachineLoad {
  /// Looks at this machine, or at files of the same form below another root.
  init(root: String = "") {
    let info = SystemFiles(root: root)
    loadAverage = (info.text("/proc/loadavg") ?? "").split(separator: " ").prefix(3).compactMap { Double($0) }
    cpuPressureRatio = info.lines("/proc/pressure/cpu").first { $0.hasPrefix("some ") }
      .flatMap { line in line.split(separator: " ").first { $0.hasPrefix("avg10=") } }
      .flatMap { Double($0.dropFirst("avg10=".count)) }.map { $0 / 100 }
    // Columns of `man 5 proc`: user nice system idle iowait irq softirq steal; guest time is part of user time.
    let times = info.lines("/proc/stat").first.map {
      $0.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    }
    if let times, times.count == 8 {
      let total = times.reduce(0, +)
      stealRatioSinceBoot = total > 0 ? times[7] / total : nil
    }
  }
}

extension Machine {
  /// Decodes what is there; a number of CPUs that is missing is 0.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    cpuModel = try values.decodeIfPresent(String.self, forKey: .cpuModel)
    cpuCount = try values.value(.cpuCount, or: 0)
    threadsPerCore = try values.decodeIfPresent(Int.self, forKey: .threadsPerCore)
    frequencyGovernor = try values.decodeIfPresent(String.self, forKey: .frequencyGovernor)
    isVirtual = try values.value(.isVirtual, or: false)
    memoryBytes = try values.decodeIfPresent(UInt64.self, forKey: .memoryBytes)
    kernelRelease = try values.decodeIfPresent(String.self, forKey: .kernelRelease)
    kernelArguments = try values.decodeIfPresent(String.self, forKey: .kernelArguments)
    clockSource = try values.decodeIfPresent(String.self, forKey: .clockSource)
    transparentHugePages = try values.decodeIfPresent(String.self, forKey: .transparentHugePages)
    glibcVersion = try values.decodeIfPresent(String.self, forKey: .glibcVersion)
    cgroupCpuLimit = try values.decodeIfPresent(Double.self, forKey: .cgroupCpuLimit)
  }
}

extension MachineLoad {
  /// Decodes what is there.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    loadAverage = try values.value(.loadAverage, or: [])
    cpuPressureRatio = try values.decodeIfPresent(Double.self, forKey: .cpuPressureRatio)
    stealRatioSinceBoot = try values.decodeIfPresent(Double.self, forKey: .stealRatioSinceBoot)
  }
}
