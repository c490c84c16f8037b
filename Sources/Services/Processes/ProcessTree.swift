internal import CLinux
internal import Glibc

/// What `/proc` tells about processes and their descendants.
public enum ProcessTree {
  /// One line of `/proc/PID/stat`, as far as we use it (proc_pid_stat(5)).
  struct Entry {
    let process: pid_t
    let parent: pid_t
    /// The process that leads its session.
    let session: pid_t
    /// A process that has ended and was not waited for.
    let isZombie: Bool
    /// A process that hears nothing but SIGCONT and SIGKILL.
    let isStopped: Bool
    /// Own CPU time, in ticks.
    let ownTicks: UInt64
    /// CPU time of ended children that were waited for, in ticks.
    let childTicks: UInt64

    init?(process: pid_t) {
      let fields = statFields("/proc/\(process)/stat")
      guard fields.count > 14, let parent = pid_t(fields[1]), let session = pid_t(fields[3]) else {
        return nil
      }
      self.process = process
      self.parent = parent
      self.session = session
      isZombie = fields[0] == "Z"
      isStopped = fields[0] == "T"
      ownTicks = fields[11...12].reduce(0) { $0 + (UInt64($1) ?? 0) }
      childTicks = fields[13...14].reduce(0) { $0 + (UInt64($1) ?? 0) }
    }

    /// CPU time in seconds: a process that has not been waited for has a clock, which is exact where ticks are not.
    func cpuSeconds(ticksPerSecond: Double) -> Double {
      ownSeconds(ticksPerSecond: ticksPerSecond) + Double(childTicks) / ticksPerSecond
    }

    /// The same without its children.
    func ownSeconds(ticksPerSecond: Double) -> Double {
      var clock = clockid_t()
      var time = timespec()
      let hasClock = clock_getcpuclockid(process, &clock) == 0 && clock_gettime(clock, &time) == 0
      return hasClock ? Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 : Double(ownTicks) / ticksPerSecond
    }
  }

  /// All processes below `ancestor`, without itself; parents come before their children.
  ///
  /// Includes those that have ended and were not waited for: their CPU time is in nobody else's account yet.
  static func descendants(of ancestor: pid_t) -> [Entry] {
    let children = Dictionary(grouping: allProcesses(), by: \.parent)
    var found: [Entry] = []
    var parents = [ancestor]
    while let parent = parents.popLast() {
      for child in children[parent] ?? [] {
        found.append(child)
        parents.append(child.process)
      }
    }
    return found
  }

  /// The living processes of a session, without the one that leads it.
  static func members(ofSession leader: pid_t) -> [pid_t] {
    allProcesses().filter { $0.session == leader && $0.process != leader && !$0.isZombie }.map(\.process)
  }

  /// CPU time in seconds of all processes that were ever below `ancestor` and have not lost their parent; of its own
  /// children that have ended, too.
  public static func cpuSeconds(below ancestor: Int32) -> Double {
    // Between reading a parent and its child, the child's time may move from its own account to the parent's. Two
    // readings that find the same processes show that this did not happen.
    var entries = descendants(of: ancestor)
    for _ in 0..<5 {
      let again = descendants(of: ancestor)
      let isSettled = again.map(\.process) == entries.map(\.process)
      entries = again
      if isSettled { break }
    }
    let ticksPerSecond = Double(sysconf(CInt(_SC_CLK_TCK)))
    let ended = Double(Entry(process: ancestor)?.childTicks ?? 0) / ticksPerSecond
    return entries.reduce(ended) { $0 + $1.cpuSeconds(ticksPerSecond: ticksPerSecond) }
  }

  /// CPU time of all programs of the machine so far; threads of the kernel are left out. Nil inside a container, whose
  /// neighbours cannot be seen, and where reading it would take long.
  public static func programTimes() -> ProgramTimes? {
    let parentOfKernelThreads: pid_t = 2
    guard readFile("/proc/\(parentOfKernelThreads)/comm", limit: 16) == "kthreadd\n" else { return nil }
    let processes = numericNames(in: "/proc")
    guard processes.count <= 2000 else { return nil }
    return ProgramTimes(
      processes.lazy.filter { $0 != parentOfKernelThreads }.compactMap(Entry.init(process:))
        .filter { $0.parent != parentOfKernelThreads })
  }

  /// The CPUs on which the threads of a process ran last.
  public static func cpus(of process: Int32) -> Set<Int> {
    var seen: Set<Int> = []
    for thread in numericNames(in: "/proc/\(process)/task") {
      let fields = statFields("/proc/\(process)/task/\(thread)/stat")
      if fields.count > 36, let cpu = Int(fields[36]) { seen.insert(cpu) }
    }
    return seen
  }

  /// What the threads of a process have done so far, all but its first one together; nil where the kernel does not tell
  /// (proc(5): schedstat, status). Takes some 20 us for each of them.
  public static func threadTimes(of process: Int32) -> ThreadTimes? {
    let threads = numericNames(in: "/proc/\(process)/task").filter { $0 != process }
    var sum = ThreadTimes()
    for thread in threads {
      let folder = "/proc/\(process)/task/\(thread)"
      let times = readFile("\(folder)/schedstat", limit: 128)?.split(separator: " ").compactMap { Int64($0) } ?? []
      let status = readFile("\(folder)/status", limit: 4096)?.split(separator: "\n") ?? []
      let switches = status.last { $0.hasPrefix("nonvoluntary_ctxt_switches:") }?.split(separator: "\t").last
      guard times.count >= 2, let switches, let count = Int64(switches) else { return nil }
      sum.computingNanoseconds += times[0]
      sum.readyNanoseconds += times[1]
      sum.involuntarySwitches += count
    }
    return sum
  }

  /// The threads of this process that have a name.
  public static func threads(named name: String) -> [Int32] {
    numericNames(in: "/proc/self/task").filter { readFile("/proc/self/task/\($0)/comm", limit: 32) == name + "\n" }
  }

  /// Lets every thread of these processes, and what they start from now on, run only on the CPUs of the mask.
  static func pin(_ processes: [pid_t], to cpus: UInt64) {
    for process in processes {
      for thread in numericNames(in: "/proc/\(process)/task") {
        // A thread that has ended meanwhile needs no CPU.
        _ = clinux_set_affinity(thread, cpus)
      }
    }
  }

  /// The fields of a stat file after the program's name, which stands in parentheses and may hold anything.
  private static func statFields(_ path: String) -> [Substring] {
    guard let line = readFile(path, limit: 1024), let end = line.lastIndex(of: ")") else { return [] }
    return line[line.index(after: end)...].split(separator: " ")
  }

  private static func allProcesses() -> [Entry] { numericNames(in: "/proc").compactMap(Entry.init(process:)) }

  private static func numericNames(in folder: String) -> [pid_t] { namesOfFiles(in: folder).compactMap { pid_t($0) } }
}
