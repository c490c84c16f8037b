internal import Engine
@preconcurrency internal import Glibc
internal import Services

// Two parts that this program plays for itself, before anything else: the guard of a managed server, which must stay
// small, and a worker process, which is started once per trial.
switch CommandLine.arguments.dropFirst().first {
case "guard": exit(ServiceGuard.run(Array(CommandLine.arguments.dropFirst(2))))
case "worker": exit(WorkerProcess.run())
default: exit(CommandLineProgram.run(Array(CommandLine.arguments.dropFirst())))
}
