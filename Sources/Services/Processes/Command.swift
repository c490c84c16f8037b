internal import CLinux
internal import Glibc

/// A program with its arguments.
struct Command {
  let path: String
  var arguments: [String] = []
  /// The name under which process lists show it; its path when nil.
  var name: String?
  /// Variables of its environment beyond those of every program: `NAME=value`.
  var environment: [String] = []
}

/// How a child process ended, from the status of waitpid(2), as in "exit status 1" or "killed by signal 9".
func describeExit(_ status: CInt) -> String {
  let signal = status & 0x7f
  return signal == 0 ? "exit status \(status >> 8 & 0xff)" : "killed by signal \(signal)"
}

extension Command {
  /// Where a child's descriptors 0, 1 and 2 lead. It inherits no other descriptor.
  struct Streams {
    let input: Descriptor
    let output: Descriptor
    let error: Descriptor
  }

  /// Starts the program with default signal actions.
  ///
  /// - Parameters:
  ///   - directory: working directory of the child.
  ///   - deathSignal: sent to the child when the calling thread ends; 0 for none.
  ///   - leadsSession: the child leads a session of its own instead of only a process group.
  /// - Returns: the process id, which the caller must wait for.
  func start(
    directory: String, streams: Streams, deathSignal: CInt = 0, leadsSession: Bool = false
  ) throws(ServiceFailure) -> pid_t {
    let process = withCStrings([name ?? path] + arguments) { arguments in
      withCStrings(Self.commonEnvironment + environment) { environment in
        directory.withCString { directory in
          path.withCString { path in
            var child = clinux_child(
              path: path, arguments: arguments, environment: environment, directory: directory,
              input: streams.input.number, output: streams.output.number, error: streams.error.number,
              third: -1, fourth: -1, death_signal: deathSignal, new_session: leadsSession ? 1 : 0)
            return clinux_spawn(&child)
          }
        }
      }
    }
    guard process > 0 else { throw ServiceFailure("cannot run \(path): \(systemErrorText())") }
    return process
  }

  /// Runs the program and returns what it writes to standard output, at most 4096 bytes; nil when it cannot be run,
  /// fails, or has not ended after `patience`.
  func output(patience: Duration = .seconds(10)) -> String? {
    guard let pipe = try? Descriptor.pipe(), let null = try? Descriptor.open("/dev/null", O_RDWR) else { return nil }
    let streams = Streams(input: null, output: pipe.writing, error: null)
    guard let process = try? start(directory: "/", streams: streams) else { return nil }
    pipe.writing.close()
    let text = readText(from: pipe.reading.number, limit: 4096, until: .now + patience)
    // A program that has more to say must not wait for us, nor we for one that does not end.
    pipe.reading.close()
    if text == nil { kill(-process, SIGKILL) }
    var status: CInt = 0
    _ = retryingInterrupted { waitpid(process, &status, 0) }
    return status == 0 ? text : nil
  }

  /// What servers are told of our environment. Variables such as `PGPORT` must not change a private server, and
  /// passwords must not reach its process; UTC spares initdb a search for the name of the time zone.
  private static var commonEnvironment: [String] {
    let inherited: [String] = ["PATH", "LD_LIBRARY_PATH"].compactMap { (name: String) in
      getenv(name).map { "\(name)=\(String(cString: $0))" }
    }
    return inherited + ["LC_ALL=C", "TZ=UTC"]
  }
}

/// Lends an array of C strings that ends with NULL.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  pointers.append(nil)
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeBufferPointer { buffer in
    // An array with at least the terminating NULL always has a base address.
    body(buffer.baseAddress.unsafelyUnwrapped)
  }
}
