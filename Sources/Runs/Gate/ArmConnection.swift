internal import Engine
internal import Gate
internal import Model

/// The gate's end of the conversation with one arm.
final class ArmConnection {
  /// Which of the two.
  let side: GateSide
  private let program: String
  private let partner: PartnerProcess<ArmMessage>
  private let interruption: Int32

  /// The arm is gone, or does not answer as it should.
  struct Lost: Error {
    let message: String
  }

  /// Starts the arm and makes sure that it speaks our protocol.
  ///
  /// - Parameters:
  ///   - program: the arm's `contend`; nil for this one.
  ///   - interruption: a descriptor that becomes readable when the user wants to stop.
  init(_ side: GateSide, program: String?, interruption: Int32) throws {
    self.side = side
    self.program = program ?? "contend"
    self.interruption = interruption
    do {
      partner = try PartnerProcess(executable: program ?? "/proc/self/exe", arguments: ["arm"])
    } catch {
      throw GateFailure(.usage, "--\(side.rawValue)-binary: cannot \(error)")
    }
    let problem: String
    switch try? partner.answer(within: .seconds(10), interruption: interruption) {
    case .message(.hello(version: ArmMessage.version)): return
    case .message(.hello(let version)):
      problem = "it speaks version \(version) of it, this program \(ArmMessage.version)"
    case .ended(let how): problem = "it \(how)"
    case .interrupted: throw EngineFailure(.interrupted, "interrupted")
    case .late: problem = "it said nothing for 10 s"
    case .message, nil: problem = "it said something else"
    }
    throw GateFailure(
      .usage,
      "\(self.program) is no arm of the \(side.rawValue): it does not know the protocol of 'contend gate' (\(problem)); "
        + "name a contend of the same version with --\(side.rawValue)-binary")
  }

  /// Asks for something and waits for the answer.
  ///
  /// - Throws: `EngineFailure` when the user interrupted, ``GateFailure`` when the arm refused, ``Lost``.
  func ask(_ request: ArmMessage) throws -> ArmMessage {
    partner.send(request)
    return try answer(within: nil)
  }

  private func answer(within limit: Duration?) throws -> ArmMessage {
    let answer: PartnerProcess<ArmMessage>.Answer
    do {
      answer = try partner.answer(within: limit, interruption: interruption)
    } catch {
      throw Lost(message: "the \(side.rawValue) (\(program)) does not answer as it should: \(error)")
    }
    switch answer {
    case .message(.refused(let status, let message)):
      throw GateFailure(.refused(status: status), message)
    case .message(let message): return message
    case .interrupted: throw EngineFailure(.interrupted, "interrupted")
    case .late: throw Lost(message: "the \(side.rawValue) (\(program)) does not answer")
    case .ended(let how): throw Lost(message: "the \(side.rawValue) (\(program)) \(how)")
    }
  }

  /// Lets the arm clean up and end; ends it when it takes too long.
  ///
  /// - Returns: what it could not clean up; nil when all is well or it was gone before.
  @discardableResult
  func close() -> String? {
    partner.send(.close)
    defer { partner.end(within: 2000) }
    // What it had begun may still be answered before.
    while case .message(let message)? = try? partner.answer(within: .seconds(30), interruption: -1) {
      if case .closed = message { return nil }
      if case .refused(_, let message) = message { return message }
    }
    return nil
  }
}
