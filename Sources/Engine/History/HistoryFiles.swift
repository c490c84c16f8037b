internal import CLinux
internal import Checking
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The files of one history: `.jsonl`, which says everything, and `.edn` for the checkers of Jepsen. They are seen
/// when they are whole.
struct HistoryFiles {
  private var lines: HistoryLineWriter
  private var events: EDNWriter
  private let linesFile: PartialFile
  private let eventsFile: PartialFile

  private static let enough = 1 << 16

  /// Makes the files.
  ///
  /// - Parameter path: without an ending.
  init(_ header: HistoryHeader, at path: String) throws(SystemFailure) {
    lines = HistoryLineWriter(header)
    events = EDNWriter(keysAreIndependent: header.initial.count > 1)
    linesFile = try PartialFile(path + ".jsonl")
    do throws(SystemFailure) { eventsFile = try PartialFile(path + ".edn") } catch {
      linesFile.discard()
      throw error
    }
  }

  /// Adds an event; they come in order of time.
  mutating func append(_ moment: RecordedTrial.Moment) throws(SystemFailure) {
    switch moment {
    case .invoked(let operation): events.append(operation, isInvoke: true)
    case .ended(let operation, _):
      lines.append(operation)
      if operation.end != nil { events.append(operation, isInvoke: false) }
    }
    try writeIfEnough()
  }

  /// Adds a fault.
  mutating func append(_ fault: RecordedFault) throws(SystemFailure) {
    lines.append(fault)
    events.append(fault)
    try writeIfEnough()
  }

  /// Ends the files and gives them their names.
  mutating func end(dropped: Int) throws(SystemFailure) {
    lines.end(dropped: dropped)
    try linesFile.write(lines.take())
    try eventsFile.write(events.take())
    try eventsFile.publish()
    try linesFile.publish()
  }

  /// Removes what was written.
  func discard() {
    linesFile.discard()
    eventsFile.discard()
  }

  private mutating func writeIfEnough() throws(SystemFailure) {
    if lines.count >= Self.enough { try linesFile.write(lines.take()) }
    if events.count >= Self.enough { try eventsFile.write(events.take()) }
  }
}

/// A file that has no name until it is whole, or another one where the file system has only files with names.
struct PartialFile {
  private let path: String
  private let descriptor: Int32
  private let isNameless: Bool
  private var partialPath: String { path + ".partial" }

  init(_ path: String) throws(SystemFailure) {
    self.path = path
    let nameless = clinux_open_nameless(path.lastIndex(of: "/").map { String(path[..<$0]) + "/" } ?? ".", 0o644)
    isNameless = nameless >= 0
    descriptor = isNameless ? nameless : open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw SystemFailure("create \(path)") }
  }

  func write(_ bytes: [UInt8]) throws(SystemFailure) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw SystemFailure("write \(path)") }
      done += count
    }
  }

  func publish() throws(SystemFailure) {
    defer { close(descriptor) }
    let status =
      isNameless ? clinux_give_name("/proc/self/fd/\(descriptor)", path, partialPath) : rename(partialPath, path)
    if status != 0 { throw SystemFailure("give \(path) its name") }
  }

  func discard() {
    close(descriptor)
    if !isNameless { unlink(partialPath) }
  }
}
