internal import Engine
@preconcurrency internal import Glibc
internal import Services

// Parts that this program plays for itself, before anything else: the guard of a managed server, which must stay small, a
// worker process, which is started once per trial, the sweeper of servers that are not ours, and one arm of a live gate.
switch CommandLine.arguments.dropFirst().first {
case "guard": exit(ServiceGuard.run(Array(CommandLine.arguments.dropFirst(2))))
case "worker" where CommandLine.arguments.dropFirst(2).first == "--local": exit(WorkerProcess.run())
case "sweeper": exit(Sweeper.run())
case "arm": exit(CommandLineProgram.runArm())
default: exit(CommandLineProgram.run(Array(CommandLine.arguments.dropFirst())))
}
