import Foundation
import Testing

@testable import Results

@Suite struct EnvironmentTests {
  @Test("a machine is described from the kernel's files")
  func machine() throws {
    let root = try TemporaryFolder()
    try root.write(
      """
      processor\t: 0
      model name\t: Imaginary CPU  @ 3 GHz
      flags\t\t: fpu vme hypervisor tsc

      processor\t: 1
      model name\t: Imaginary CPU  @ 3 GHz

      """, to: "proc/cpuinfo")
    try root.write("MemTotal:       24684092 kB\nMemFree: 1 kB\n", to: "proc/meminfo")
    try root.write("6.1.0-test\n", to: "proc/sys/kernel/osrelease")
    try root.write("root=/dev/vda mitigations=off\n", to: "proc/cmdline")
    try root.write("tsc\n", to: "sys/devices/system/clocksource/clocksource0/current_clocksource")
    try root.write("always [madvise] never\n", to: "sys/kernel/mm/transparent_hugepage/enabled")
    try root.write("0-1,4\n", to: "sys/devices/system/cpu/cpu0/topology/thread_siblings_list")
    try root.write("150000 100000\n", to: "sys/fs/cgroup/cpu.max")
    let machine = Machine(root: root.path)
    #expect(machine.cpuModel == "Imaginary CPU  @ 3 GHz")
    #expect(machine.cpuCount == 2)
    #expect(machine.isVirtual)
    #expect(machine.threadsPerCore == 3)
    #expect(machine.memoryBytes == 24_684_092 * 1024)
    #expect(machine.kernelRelease == "6.1.0-test")
    #expect(machine.kernelArguments == "root=/dev/vda mitigations=off")
    #expect(machine.clockSource == "tsc")
    #expect(machine.transparentHugePages == "madvise")
    #expect(machine.cgroupCpuLimit == 1.5)
    #expect(machine.frequencyGovernor == nil)
    try root.write("max 100000\n", to: "sys/fs/cgroup/cpu.max")
    #expect(Machine(root: root.path).cgroupCpuLimit == nil)
  }

  @Test("the load is read from the kernel's files")
  func load() throws {
    let root = try TemporaryFolder()
    try root.write("0.23 0.13 0.05 1/86 9667\n", to: "proc/loadavg")
    try root.write("some avg10=2.50 avg60=0.81 avg300=1.18 total=11\nfull avg10=0.00\n", to: "proc/pressure/cpu")
    try root.write("cpu  60 0 20 10 0 0 0 10 5 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n", to: "proc/stat")
    let load = MachineLoad(root: root.path)
    #expect(load.loadAverage == [0.23, 0.13, 0.05])
    #expect(load.cpuPressureRatio == 0.025)
    #expect(load.stealRatioSinceBoot == 0.1)
    let nothing = MachineLoad(root: root.path + "/nowhere")
    #expect(nothing.loadAverage.isEmpty && nothing.cpuPressureRatio == nil && nothing.stealRatioSinceBoot == nil)
  }

  @Test("this machine is described")
  func thisMachine() {
    let machine = Machine()
    #expect(machine.cpuCount >= 1)
    #expect(machine.kernelRelease?.isEmpty == false)
    #expect(machine.glibcVersion?.hasPrefix("glibc 2.") == true)
    #expect((machine.memoryBytes ?? 0) > 1 << 20)
  }

  @Test("the file is JSON with sorted keys in snake case; names of settings stay as they are")
  func json() throws {
    let identity = RunIdentity(startedAt: 1_772_366_400, random: 1)
    let environment = EnvironmentProbe.environment(
      of: identity,
      program: .init(
        version: "1.2", swiftVersion: "6.3.1", configuration: "release",
        arguments: ["contend", "run", "redis://u:s3cret@h"], seed: 7),
      scenarioPath: "/nowhere/a.yaml", scenarioFile: Array("abc".utf8),
      services: ["postgres": .init(version: "15.10", location: "managed", settings: ["fsync": "on", "Odd.Name": "1"])])
    let text = String(decoding: environment.json(), as: UTF8.self)
    #expect(text.hasSuffix("}\n"))
    #expect(!text.contains("s3cret"))
    #expect(text.contains("\"Odd.Name\" : \"1\""))
    let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(root["schema_version"] as? Int == 1)
    #expect(root["run_id"] as? String == "20260301T120000Z-000001")
    #expect(root["started_at"] as? String == "2026-03-01T12:00:00.000Z")
    let scenario = try #require(root["scenario"] as? [String: Any])
    #expect(scenario["sha256"] as? String == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(scenario["git"] == nil)
    #expect((root["contend"] as? [String: Any])?["swift_version"] as? String == "6.3.1")
    #expect((root["machine"] as? [String: Any])?["cpu_count"] as? Int ?? 0 >= 1)
    #expect((root["load_at_start"] as? [String: Any])?["load_average"] != nil)
  }

  @Test("the hash agrees with coreutils on messages of every length around a block")
  func sha256() {
    let known = [
      0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      55: "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318",
      56: "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a",
      64: "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
      1000: "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3",
    ]
    for (length, hash) in known {
      #expect(SHA256.hexadecimal(of: Array(repeating: UInt8(ascii: "a"), count: length)) == hash, "\(length)")
    }
  }

  @Test("the state of a repository is its commit and whether tracked files differ")
  func gitState() throws {
    let root = try TemporaryFolder()
    let file = root.path + "/scenarios/a.yaml"
    try root.write("name: a\n", to: "scenarios/a.yaml")
    #expect(GitState(ofFile: file) == nil)
    try git(["init", "-q"], in: root)
    #expect(GitState(ofFile: file) == nil)
    try git(["add", "."], in: root)
    try git(["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "a"], in: root)
    let clean = try #require(GitState(ofFile: file))
    #expect(clean.commit.count == 40 && !clean.isDirty)
    try root.write("name: b\n", to: "scenarios/a.yaml")
    let dirty = try #require(GitState(ofFile: file))
    #expect(dirty.commit == clean.commit && dirty.isDirty)
  }

  private func git(_ arguments: [String], in folder: TemporaryFolder) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder.path] + arguments
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
