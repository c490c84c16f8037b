import Glibc
import Testing

@testable import Hosts

/// What is started where, and what nobody must see.
@Suite struct LauncherTests {
  static let token = RunToken.random()

  func commands(
    _ text: String, hosts: Int = 3, list: [String] = [], executable: String = "/opt/contend/contend"
  ) throws -> [LaunchCommand] {
    try Launcher(text).commands(
      hosts: hosts, hostList: list, executable: executable, driver: HostAddress("10.0.0.1:7117"), token: Self.token)
  }

  @Test(
    arguments: [
      ([:], nil, nil, "none"),
      (["SLURM_STEP_ID": "0", "SLURM_NODEID": "2", "SLURM_STEP_NUM_NODES": "4"], 2, 4, "slurm"),
      (["SLURM_NODEID": "0", "SLURM_NNODES": "4"], nil, nil, "none"),
      (["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "3", "PMIX_RANK": "1"], 1, 3, "openmpi"),
      (
        [
          "OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "3", "SLURM_STEP_ID": "0", "SLURM_NODEID": "0",
          "SLURM_STEP_NUM_NODES": "9",
        ], 1, 3, "openmpi"
      ),
      (["PMIX_RANK": "5", "SLURM_STEP_ID": "0", "SLURM_NODEID": "2", "SLURM_STEP_NUM_NODES": "4"], 2, 4, "slurm"),
      (["PMIX_RANK": "5"], 5, nil, "pmix"),
      (["PMI_RANK": "5", "PMI_SIZE": "6"], 5, 6, "pmi"),
      (["FLUX_TASK_RANK": "0", "FLUX_JOB_SIZE": "2"], 0, 2, "flux"),
      (["PBS_ARRAY_INDEX": "7"], 7, nil, "pbs"),
      (["JOB_COMPLETION_INDEX": "4", "CONTEND_HOSTS": "4"], 4, 4, "kubernetes"),
      (["CONTEND_RANK": "8", "CONTEND_HOSTS": "9", "PMI_RANK": "5", "PMI_SIZE": "6"], 8, 9, "pmi"),
      (["CONTEND_RANK": "-1", "CONTEND_HOSTS": "0", "PMI_RANK": "x"], nil, nil, "none"),
    ] as [([String: String], Int?, Int?, String)])
  func enginesTellThePlace(environment: [String: String], rank: Int?, count: Int?, engine: String) {
    let place = HostPlace(environment: environment)
    #expect(place.rank == rank)
    #expect(place.count == count)
    #expect(place.engine == engine)
  }

  @Test(arguments: [
    ("srun -N4", ["srun", "-N4"]), ("  a   b ", ["a", "b"]), (#"a 'b c' "d e" f\ g"#, ["a", "b c", "d e", "f g"]),
    (#"a '' "" b"#, ["a", "", "", "b"]), (#"a'b'"c"d"#, ["abcd"]),
    (#"a '$x|\' "\$x \" \\ \n""#, ["a", #"$x|\"#, #"$x " \ \n"#]),
    (#"\$a \| \'"#, ["$a", "|", "'"]),
  ])
  func wordsAreThoseOfAShell(text: String, words: [String]) throws {
    #expect(try ShellWords.split(text) == words)
    #expect(try Launcher(text) == .command(words))
    #expect(try ShellWords.split(words.map(ShellWords.quoted).joined(separator: " ")) == words)
  }

  @Test(arguments: [
    "", "  ", "''", "a 'b", "a \"b", "a\\", "a | b", "a; b", "a $B", "a `b`", "a \"$b\"", "a > b", "a *", "~/a",
  ])
  func whatOnlyAShellCouldDoIsRefused(text: String) {
    let failure = #expect(throws: HostFailure.self) { try Launcher(text) }
    #expect(failure?.kind == .usage)
  }

  @Test func slurmStartsOneOnEachNode() throws {
    let command = try #require(commands("slurm").first)
    #expect(
      command.description
        == "srun -N3 -n3 --ntasks-per-node=1 --kill-on-bad-exit=0 --overlap --mpi=none --cpu-bind=none --export=ALL "
        + "/opt/contend/contend worker")
    #expect(
      command.environment == [
        "CONTEND_DRIVER": "10.0.0.1:7117", "CONTEND_HOSTS": "3", "CONTEND_TOKEN": Self.token.text,
      ])
    #expect(try commands("slurm", hosts: 2, list: ["a", "b", "c"])[0].arguments.contains("--nodelist=a,b"))
  }

  @Test func mpirunStartsOneOnEachHost() throws {
    let command = try #require(commands("mpi", list: ["a:2", "b", "c"]).first)
    #expect(
      command.description
        == "mpirun -n 3 --map-by ppr:1:node --bind-to none -x CONTEND_DRIVER -x CONTEND_TOKEN -x CONTEND_HOSTS "
        + "--host a:2,b,c /opt/contend/contend worker")
    #expect((command.environment["OMPI_ALLOW_RUN_AS_ROOT"] == "1") == (geteuid() == 0))
    #expect((command.environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] == "1") == (geteuid() == 0))
    #expect(try !commands("mpi")[0].arguments.contains("--host"))
  }

  @Test func sshStartsOneByEachLogin() throws {
    let made = try commands("ssh", hosts: 2, list: ["a", "me@b", "c"], executable: "/opt/my tools/contend")
    #expect(made.map { $0.arguments[5] } == ["a", "me@b"])
    let words = ["ssh", "-T", "-o", "BatchMode=yes", "--"]
    #expect(made.allSatisfy { Array($0.arguments.prefix(5)) == words && $0.arguments.count == 7 })
    #expect(made[0].arguments[6] == "'/opt/my tools/contend' worker --join 10.0.0.1:7117 --token-stdin")
    #expect(made[0].input == Array((Self.token.text + "\n").utf8))
    #expect(made[0].environment.isEmpty)
  }

  @Test func aPrefixIsExtended() throws {
    let command = try #require(commands("env 'A=b c'").first)
    #expect(command.arguments == ["env", "A=b c", "/opt/contend/contend", "worker"])
    #expect(command.environment["CONTEND_TOKEN"] == Self.token.text)
    #expect(try commands("index").isEmpty)
  }

  @Test(arguments: ["slurm", "mpi", "ssh", "env -u X"]) func theTokenIsNoArgument(launcher: String) throws {
    let list = launcher.hasPrefix("env") ? [] : ["a", "b", "c"]
    for command in try commands(launcher, list: list) {
      #expect(!command.arguments.contains { $0.contains(Self.token.text) })
      var dumped = ""
      dump(command, to: &dumped)
      for text in ["\(command)", String(reflecting: command), dumped] { #expect(!text.contains(Self.token.text)) }
    }
  }

  @Test(arguments: [
    ("ssh", 2, ["a"]), ("ssh", 1, []), ("mpi", 3, ["a", "b"]), ("slurm", 0, []), ("slurm", 1, ["-x"]),
    ("ssh", 1, ["a b"]), ("mpi", 1, ["a,b"]), ("mpi", 1, [""]), ("env", 1, ["a"]), ("index", 1, ["a"]),
  ]) func wrongHostsAreRefused(launcher: String, hosts: Int, list: [String]) {
    let failure = #expect(throws: HostFailure.self) { try commands(launcher, hosts: hosts, list: list) }
    #expect(failure?.kind == .usage)
  }

  @Test func linesForTheUserAreComplete() throws {
    let text = JoiningLines.text(
      hosts: 4, driver: try HostAddress("[fd00::1]:7117"), tokenFile: "/tmp/my token", executable: "/opt/contend")
    for part in [
      "Waiting for 4 hosts at [fd00::1]:7117",
      "CONTEND_DRIVER='[fd00::1]:7117' CONTEND_HOSTS=4 CONTEND_TOKEN=\"$(cat '/tmp/my token')\" srun -N4 -n4 ",
      "mpirun -n 4 --map-by ppr:1:node --bind-to none -x CONTEND_DRIVER -x CONTEND_TOKEN -x CONTEND_HOSTS /opt/contend worker",
      "ssh -T HOST '/opt/contend worker --join '\\''[fd00::1]:7117'\\'' --token-stdin' < '/tmp/my token'",
      "/opt/contend worker --join '[fd00::1]:7117' --token-file '/tmp/my token'",
    ] { #expect(text.contains(part)) }
  }
}
