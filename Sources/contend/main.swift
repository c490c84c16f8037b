import Glibc
import Services

// The hidden subcommand that managed servers run under; before anything else, because it must stay small.
if CommandLine.arguments.dropFirst().first == "guard" {
  exit(ServiceGuard.run(Array(CommandLine.arguments.dropFirst(2))))
}

print("contend")
