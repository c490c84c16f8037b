internal import Analysis
internal import Engine
internal import Hosts
internal import Model
internal import Results
internal import Runs

/// Exit codes, as the README lists them.
enum ExitStatus: Int32 {
  case success = 0
  /// A confirmed performance regression.
  case regression = 1
  /// A violation where none is allowed, or a control that did not show one.
  case violation = 2
  /// It cannot be told: a trial failed, or nothing was examined.
  case inconclusive = 3
  /// Nothing can be compared, or data are missing.
  case incomparable = 4
  case usage = 64
  /// A scenario or results that cannot be read.
  case badData = 65
  case serviceUnavailable = 69
  case internalError = 70
  /// The driver of a run went away (sysexits' EX_TEMPFAIL); of `worker` only.
  case abandoned = 75
  case interrupted = 130

  init(_ kind: EngineFailure.Kind) {
    self =
      switch kind {
      case .serviceUnavailable: .serviceUnavailable
      case .usage: .usage
      case .incomplete: .inconclusive
      case .interrupted: .interrupted
      case .internal: .internalError
      }
  }

  init(_ kind: HostFailure.Kind) {
    self =
      switch kind {
      case .usage: .usage
      case .unavailable, .refused: .serviceUnavailable
      case .damaged: .internalError
      }
  }

  init(_ kind: GateFailure.Kind) {
    self =
      switch kind {
      case .usage: .usage
      case .incomparable: .incomparable
      case .internal: .internalError
      case .refused(let status): ExitStatus(rawValue: status) ?? .internalError
      }
  }

  init(_ conclusion: ComparisonConclusion) {
    self =
      switch conclusion {
      case .compared: .success
      case .violated: .violation
      case .inconclusive: .inconclusive
      case .incomparable: .incomparable
      }
  }

  init(_ kind: ResultsFailure.Kind) {
    self =
      switch kind {
      case .storing: .internalError
      case .reading: .badData
      }
  }

  init(_ conclusion: RunConclusion) {
    self =
      switch conclusion {
      case .held: .success
      case .violated: .violation
      case .inconclusive: .inconclusive
      }
  }
}

/// A failure of a subcommand: the exit code, and the sentence for the user that no exit code is without.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}
