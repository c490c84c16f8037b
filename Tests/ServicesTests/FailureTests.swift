import Foundation
import Model
import Testing

@testable import Services

/// What a user is told when a server cannot be had.
@Suite struct FailureTests {
  @Test(arguments: [
    ("postgres", "PostgreSQL is not installed: apt-get install postgresql"),
    ("redis", "Redis is not installed: apt-get install redis-server"),
  ])
  func missingServerNamesItsPackage(name: String, message: String) throws {
    var options = Support.options
    options.programFolders = ["/nonexistent", "relative"]
    #expect(throws: ServiceFailure(message)) { try Support.start(name, options) }
  }

  @Test func incompleteInstallationCountsAsMissing() throws {
    let folder = try Support.folder(scripts: ["postgres": "#!/bin/sh\n"])
    defer { PrivateDirectory(path: folder).remove() }
    #expect(throws: ServiceFailure.self) { try ManagedPostgres().programFolder(searching: [folder]) }
  }

  @Test func failedPreparationShowsTheLogAndLeavesNothing() throws {
    let folder = try Support.folder(scripts: [
      "initdb": "#!/bin/sh\npwd\necho no room for a cluster >&2\nexit 3\n", "postgres": "#!/bin/sh\n",
    ])
    defer { PrivateDirectory(path: folder).remove() }
    let message = try failure(of: "postgres", folder)
    #expect(
      message.hasPrefix("PostgreSQL did not start: \(folder)/initdb failed (exit status 3); its log ends:\n  /tmp/"))
    #expect(message.hasSuffix("\n  no room for a cluster"))
    #expect(!Support.exists(message.split(separator: "\n")[1].trimmingCharacters(in: .whitespaces)))
  }

  @Test func serverThatEndsWhileStartingShowsTheLog() throws {
    let folder = try Support.folder(scripts: ["redis-server": "#!/bin/sh\necho bad configuration\nkill -9 $$\n"])
    defer { PrivateDirectory(path: folder).remove() }
    let message = try failure(of: "redis", folder)
    #expect(
      message == "Redis did not start: it ended while starting (killed by signal 9); its log ends:\n"
        + "  bad configuration")
  }

  @Test func programThatCannotBeRunIsNamed() throws {
    let folder = try Support.folder(scripts: ["redis-server": "#!/nonexistent/interpreter\n"])
    defer { PrivateDirectory(path: folder).remove() }
    #expect(try failure(of: "redis", folder) == "cannot run \(folder)/redis-server: No such file or directory")
  }

  @Test func guardThatIsNoGuardIsReported() throws {
    var options = Support.options
    options.guardExecutable = "/bin/false"
    #expect(throws: ServiceFailure("Redis did not start: its guard process ended or does not answer")) {
      try Support.start("redis", options)
    }
    options.guardExecutable = "/nonexistent"
    #expect(throws: ServiceFailure("cannot run /nonexistent: No such file or directory")) {
      try Support.start("redis", options)
    }
  }

  @Test func unsuitableTemporaryDirectoryIsPassedOver() throws {
    let parent = try Support.folder(scripts: [:])
    defer { PrivateDirectory(path: parent).remove() }
    let long = parent + "/" + String(repeating: "x", count: 90)
    #expect(mkdir(long, 0o777) == 0)
    chmod(long, 0o777)
    let comma = parent + "/a,b"
    #expect(mkdir(comma, 0o777) == 0)
    chmod(comma, 0o777)
    for unsuitable in [long, comma, "/nonexistent"] {
      var options = Support.options
      options.temporaryDirectory = unsuitable
      let service = try Support.start("redis", options)
      #expect(try Support.directory(of: service).hasPrefix("/tmp/contend-redis-"))
      service.stop()
    }
  }

  @Test func temporaryDirectoryIsUsed() throws {
    let parent = try Support.folder(scripts: [:])
    defer { PrivateDirectory(path: parent).remove() }
    // A name that must be encoded in a URL and quoted in a list of directories.
    let folder = parent + "/a b&c%20\"é"
    #expect(mkdir(folder, 0o777) == 0)
    chmod(folder, 0o777)
    var options = Support.options
    options.temporaryDirectory = folder
    let pool = ServicePool(settings: ServiceSettings(), options: options)
    defer { pool.stop() }
    let endpoints = try pool.start(["postgres", "redis"])
    #expect(namesOfFiles(in: folder).count { $0.hasPrefix("contend-") } == 2)
    #expect(try Support.psql(endpoints[0].url, "select 1") == "1")
    #expect(try Support.redis(endpoints[1].url, "PING") == "PONG")
  }

  @Test func noUsableTemporaryDirectoryIsAFailure() {
    #expect(throws: ServiceFailure.self) {
      try PrivateDirectory(prefix: "contend-", in: ["/nonexistent", "/proc"], socketName: "s")
    }
  }

  private func failure(of name: String, _ folder: String) throws -> String {
    var options = Support.options
    options.programFolders = [folder]
    let error = try #require(throws: ServiceFailure.self) { try Support.start(name, options) }
    return error.message
  }
}
