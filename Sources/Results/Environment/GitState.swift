internal import Glibc

/// Which state of a repository a file belongs to.
public struct GitState: Sendable, Equatable, Codable {
  /// The commit that is checked out.
  public var commit: String
  /// Whether anything in the repository differs from that commit; files that git does not track do not count.
  public var isDirty: Bool

  /// Asks git about the repository that a file is in; nil when there is no git, no repository, or no commit.
  public init?(ofFile path: String) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard let head = Self.git(["-C", folder, "rev-parse", "--verify", "--quiet", "HEAD"]), head.status == 0,
      let difference = Self.git(["-C", folder, "diff", "--quiet", "HEAD"]), (0...1).contains(difference.status)
    else { return nil }
    commit = String(head.output.prefix { !$0.isWhitespace })
    isDirty = difference.status == 1
  }

  /// Exit status and output of git; nil when it cannot be run or is ended by a signal. Its complaints are not shown.
  private static func git(_ arguments: [String]) -> (status: CInt, output: String)? {
    var ends: [CInt] = [0, 0]
    // A socket pair and not a pipe: only it can be kept from other children from the start by a call of POSIX.
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    let child = spawn(["git", "--no-optional-locks"] + arguments, output: ends[1])
    close(ends[1])
    let output = child.flatMap { _ in SystemFiles.readToEnd(ends[0]) }
    close(ends[0])
    guard let child else { return nil }
    var status: CInt = 0
    while waitpid(child, &status, 0) < 0 { if errno != EINTR { return nil } }
    return status & 0x7F == 0 ? (status >> 8 & 0xFF, output ?? "") : nil
  }

  /// Starts a program with nothing to read, its output going to a descriptor; nil when it cannot be started.
  private static func spawn(_ command: [String], output: CInt) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    let arguments = command.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let failure = posix_spawnp(&child, command[0], &actions, nil, arguments + [nil], environ)
    return failure == 0 ? child : nil
  }
}
