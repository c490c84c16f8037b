/// What a user types to start the agents herself.
public enum JoiningLines {
  /// One line for each way, ready to be run, and what they need. The token stands only in its file.
  ///
  /// - Parameters:
  ///   - hosts: how many agents are waited for.
  ///   - driver: where the driver listens.
  ///   - tokenFile: where the token was written.
  ///   - executable: path of this program, the same on the hosts.
  public static func text(hosts: Int, driver: HostAddress, tokenFile: String, executable: String) -> String {
    let program = ShellWords.quoted(executable)
    let file = ShellWords.quoted(tokenFile)
    let address = ShellWords.quoted(driver.description)
    // A variable in front of a command is seen by nobody else.
    let variables = "CONTEND_DRIVER=\(address) CONTEND_HOSTS=\(hosts) CONTEND_TOKEN=\"$(cat \(file))\""
    func line(_ words: [String]) -> String { words.map(ShellWords.quoted).joined(separator: " ") }
    return """
      Waiting for \(hosts == 1 ? "1 host" : "\(hosts) hosts") at \(driver). Start one worker on each, in one of these ways:
        Slurm, from here:    \(variables) \(line(Launcher.srun(hosts, []))) \(program) worker
        Open MPI, from here: \(variables) \(line(Launcher.mpirun(hosts, []))) \(program) worker
        ssh, once per host:  ssh -T HOST \(ShellWords.quoted("\(program) worker --join \(address) --token-stdin")) < \(file)
        on a host itself:    \(program) worker --join \(address) --token-file \(file)
      The last one needs a copy of \(tokenFile) on that host, with mode 600; mpirun also needs --host or --hostfile outside of Slurm.
      """
  }
}
