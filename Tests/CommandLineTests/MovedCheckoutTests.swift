import Foundation
import Testing

/// `scripts/moved`: what was built in another folder is of no use to the compiler.
@Suite struct MovedCheckoutTests {
  private static func run(_ program: String, _ arguments: String..., in folder: URL) throws -> CommandLine {
    try CommandLine(finishing: CommandLine.start(arguments, in: folder, program: program), in: folder)
  }

  /// A checkout of the smallest package with the project's script in it, built.
  private static func built(in folder: URL) throws -> URL {
    let root = folder.appendingPathComponent("one")
    let files = FileManager.default
    for name in ["scripts", "Sources/small", "Sources/CSmall"] {
      try files.createDirectory(at: root.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    for (name, text) in [
      (
        "Package.swift",
        "// swift-tools-version: 6.0\nimport PackageDescription\nlet package = Package(name: \"small\", targets: "
          + "[.systemLibrary(name: \"CSmall\"), .executableTarget(name: \"small\", dependencies: [\"CSmall\"])])\n"
      ),
      ("Sources/small/main.swift", "import CSmall\nprint(one())\n"),
      ("Sources/CSmall/module.modulemap", "module CSmall { header \"shim.h\" export * }\n"),
      ("Sources/CSmall/shim.h", "static inline int one(void) { return 1; }\n"),
    ] { try text.write(to: root.appendingPathComponent(name), atomically: true, encoding: .utf8) }
    try files.copyItem(
      at: CommandLine.root.appendingPathComponent("scripts/moved"), to: root.appendingPathComponent("scripts/moved"))
    let build = try Self.run("/usr/bin/env", "swift", "build", in: root)
    try #require(build.status == 0, "\(build.output)\(build.errors)")
    return root
  }

  @Test func `a checkout that was moved is built anew, and says so`() throws {
    try withFolder { folder in
      let one = try Self.built(in: folder)
      let here = try Self.run(one.appendingPathComponent("scripts/moved").path, in: one)
      #expect(here.status == 0 && here.errors.isEmpty && one.content(".build").contains("debug"))

      // By another name it is the same folder.
      let link = folder.appendingPathComponent("link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: one)
      let linked = try Self.run(link.appendingPathComponent("scripts/moved").path, in: link)
      #expect(linked.status == 0 && linked.errors.isEmpty && one.content(".build").contains("debug"))

      // That of ThreadSanitizer is a build of its own.
      let watched = one.appendingPathComponent(".build-tsan")
      try FileManager.default.createDirectory(
        at: watched.appendingPathComponent("debug"), withIntermediateDirectories: true)
      try "- \(watched.path)/debug\n".write(
        to: watched.appendingPathComponent("debug.yaml"), atomically: true, encoding: .utf8)
      let both = try Self.run(one.appendingPathComponent("scripts/moved").path, in: one)
      #expect(both.errors.isEmpty && one.content(".build-tsan").contains("debug"))

      let two = folder.appendingPathComponent("two")
      try FileManager.default.moveItem(at: one, to: two)
      try "import CSmall\nprint(one() + 1)\n".write(
        to: two.appendingPathComponent("Sources/small/main.swift"), atomically: true, encoding: .utf8)
      let copy = folder.appendingPathComponent("copy")
      try FileManager.default.copyItem(at: two, to: copy)
      let stale = try Self.run("/usr/bin/env", "swift", "build", in: copy)
      #expect(stale.status != 0 && (stale.output + stale.errors).contains("module cache path"), "\(stale.output)")

      let moved = try Self.run(two.appendingPathComponent("scripts/moved").path, in: two)
      #expect(moved.status == 0, "\(moved.errors)")
      #expect(moved.errors.contains("this checkout was moved since it was built"), "\(moved.errors)")
      #expect(!two.content(".build-tsan").contains("debug"))
      let again = try Self.run("/usr/bin/env", "swift", "build", in: two)
      #expect(again.status == 0, "\(again.output)\(again.errors)")
      #expect(try Self.run(two.appendingPathComponent(".build/debug/small").path, in: two).output == "2\n")
      #expect(try Self.run(two.appendingPathComponent("scripts/moved").path, in: two).errors.isEmpty)
    }
  }

  @Test func `every script that builds calls it`() throws {
    let scripts = CommandLine.root.appendingPathComponent("scripts")
    var builders: [String] = []
    for name in scripts.content() {
      guard let text = try? String(contentsOf: scripts.appendingPathComponent(name), encoding: .utf8),
        let build = text.firstRange(of: #/(^|\n) *(if ! )?swift build/#)
      else { continue }
      builders.append(name)
      let call = text.firstRange(of: "scripts/moved")
      #expect(call.map { $0.lowerBound < build.lowerBound } == true, "\(name)")
    }
    #expect(builders == ["contend", "test"])
  }
}
