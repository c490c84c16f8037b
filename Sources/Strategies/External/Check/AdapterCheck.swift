@preconcurrency internal import Glibc
public import Model
internal import Runtime

/// Tries a program against the protocol of external clients, without any service.
public struct AdapterCheck {
  private let settings: AdapterSettings
  private static let patience = 5000

  /// One thing that was tried.
  public struct Point: Sendable {
    /// What it was.
    public let subject: String
    /// Whether it is as it must be.
    public let holds: Bool
    /// What was seen, or what to do.
    public let remark: String

    /// It in one line.
    public var line: String { "\(holds ? "ok    " : "failed") \(subject)\(remark.isEmpty ? "" : ": \(remark)")" }
  }

  /// - Parameter settings: the program.
  public init(_ settings: AdapterSettings) { self.settings = settings }

  /// Tries everything, in less than ten seconds for a program that answers; tells each point as soon as it is known.
  ///
  /// - Throws: when the program cannot be started.
  public func run(telling tell: @escaping (Point) -> Void) throws(SetupFailure) -> [Point] {
    let report = Reporter(tell)
    let checked = try CheckedProgram(settings)
    report.note("starts", true, "process \(checked.program.id)")
    guard greet(checked, report) else { return report.points }
    tolerance(checked, report)
    framing(checked, report)
    speed(checked, report)
    farewell(checked, report)
    let orphan = try CheckedProgram(settings)
    _ = orphan.send(Self.hello(1))
    _ = orphan.line(within: Self.patience)
    orphan.closeRequests()
    report.note(
      "ends when its descriptor 3 is closed", orphan.ends(within: Self.patience),
      "leave the loop that reads requests at the end of file", onlyIfNot: true)
    orphan.program.kill()
    let left = Leftovers.end(marked: checked.program.marker) + Leftovers.end(marked: orphan.program.marker)
    report.note(
      "leaves nothing behind", left == 0, "\(left) processes were still there, and were ended; end what you start",
      onlyIfNot: true)
    return report.points
  }

  private static func hello(_ id: Int) -> String {
    #"{"type":"hello","id":\#(id),"versions":[1],"contend":"1","pid":\#(getpid())}"# + "\n"
  }

  private static func ping(_ id: Int, _ more: String = "") -> String { #"{"type":"ping","id":\#(id)\#(more)}"# + "\n" }

  private func greet(_ checked: CheckedProgram, _ report: Reporter) -> Bool {
    guard checked.send(Self.hello(1)), let line = checked.line(within: Self.patience) else {
      checked.program.waitForEnd(milliseconds: 200)
      let what = checked.program.ending.map { "it ended with \($0)" } ?? "nothing came in 5 s"
      report.note(
        "hello", false,
        "\(what)\(checked.tail.clause); read lines from descriptor 3, answer on descriptor 4, and flush after each answer"
      )
      checked.program.kill()
      return false
    }
    guard let hello = Hello(line: line) else {
      let shown = String(decoding: line.prefix(120), as: UTF8.self)
      report.note(
        "hello", false,
        #"got \#(shown.debugDescription); answer {"type":"hello","id":1,"version":1,"name":"...","role":"lock"}"#)
      checked.program.kill()
      return false
    }
    let library = [hello.library, hello.libraryVersion].compactMap { $0 }.joined(separator: " ")
    report.note("hello", true, "\(hello.name ?? settings.name)\(library.isEmpty ? "" : ", \(library)"), \(hello.role)")
    report.note(
      "version", hello.version == Hello.version, "it chose \(hello.version); choose one of the versions offered",
      onlyIfNot: true)
    report.note(
      "role", AdapterRole(rawValue: hello.role) != nil, "'\(hello.role)' is none; state lock or operations",
      onlyIfNot: true)
    return true
  }

  private func tolerance(_ checked: CheckedProgram, _ report: Reporter) {
    _ = checked.send(#"{"type":"no_such_message","id":2}"# + "\n")
    let reply = checked.reply(within: Self.patience)
    report.note(
      "unknown message", reply?.id == 2 && reply?.kind == .unsupported,
      #"answer {"type":"unsupported","id":2}, so that later versions can ask"#, onlyIfNot: true)
    _ = checked.send(Self.ping(3, #","no_such_member":{"a":[1,null,"x"]}"#))
    report.note(
      "unknown members", isPong(checked.reply(within: Self.patience), 3), "ignore members that you do not know",
      onlyIfNot: true)
  }

  private func framing(_ checked: CheckedProgram, _ report: Reporter) {
    _ = checked.send(Self.ping(1_000_007) + Self.ping(5))
    let ids = Set([checked.reply(within: Self.patience), checked.reply(within: Self.patience)].compactMap { $0?.id })
    report.note(
      "two requests at once, numbers out of order", ids == [1_000_007, 5],
      "echo the 'id' of each request, and answer all lines that one read brings", onlyIfNot: true)
    let text = Self.ping(6)
    _ = checked.send(String(text.prefix(9)))
    usleep(50_000)
    _ = checked.send(String(text.dropFirst(9)))
    report.note(
      "a line in two parts", isPong(checked.reply(within: Self.patience), 6), "read until the end of the line",
      onlyIfNot: true)
    _ = checked.send(Self.ping(7, #","pad":"\#(String(repeating: "x", count: 60_000))""#))
    report.note(
      "a line of 60 kB", isPong(checked.reply(within: Self.patience), 7), "lines have up to 64 KiB", onlyIfNot: true)
  }

  private func speed(_ checked: CheckedProgram, _ report: Reporter) {
    var times: [Int64] = []
    let end = monotonicNow() &+ 1_000_000_000
    var id = 100
    while times.count < 5000 && monotonicNow() < end {
      let start = monotonicNow()
      guard checked.send(Self.ping(id)), isPong(checked.reply(within: Self.patience), id) else {
        return report.note("ping", false, "ping \(id) was not answered; answer pong, always")
      }
      times.append(monotonicNow() &- start)
      id += 1
    }
    times.sort()
    let (median, high) = (times[times.count / 2], times[min(times.count - 1, times.count * 99 / 100)])
    report.note(
      "ping", true,
      "p50 \(median / 1000) us, p99 \(high / 1000) us of \(times.count): what every request costs besides the library")
  }

  private func farewell(_ checked: CheckedProgram, _ report: Reporter) {
    _ = checked.send(#"{"type":"bye","id":8}"# + "\n")
    let ended = checked.ends(within: Self.patience)
    report.note(
      "bye", ended && checked.program.status == 0,
      ended ? "it ended with \(checked.program.ending ?? "") instead of exit status 0" : "it did not end in 5 s",
      onlyIfNot: true)
    checked.program.kill()
    if !checked.tail.text.isEmpty { report.note("prints", true, checked.tail.text) }
  }

  private func isPong(_ reply: Reply?, _ id: Int) -> Bool { reply?.kind == .pong && reply?.id == Int64(id) }

  /// Keeps points, and tells them.
  private final class Reporter {
    private(set) var points: [Point] = []
    private let tell: (Point) -> Void

    init(_ tell: @escaping (Point) -> Void) { self.tell = tell }

    func note(_ subject: String, _ holds: Bool, _ remark: String, onlyIfNot: Bool = false) {
      let point = Point(subject: subject, holds: holds, remark: onlyIfNot && holds ? "" : remark)
      points.append(point)
      tell(point)
    }
  }
}
