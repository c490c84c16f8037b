internal import Model

/// A SQLSTATE of PostgreSQL: five characters, packed into a word so that comparing needs no `String`.
struct SQLState: Equatable, Sendable {
  private let packed: UInt64

  /// No state: the server named none.
  static let none = SQLState(packed: 0)

  private init(packed: UInt64) { self.packed = packed }

  /// Packs the characters of a literal.
  init(_ literal: StaticString) {
    precondition(literal.utf8CodeUnitCount == 5, "a SQLSTATE has five characters")
    self.init(UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self))
  }

  /// Packs the five characters at an address; nil is ``none``. Borrows the memory.
  init(_ characters: UnsafePointer<CChar>?) {
    var word: UInt64 = 0
    if let characters {
      for index in 0..<5 { word = word << 8 | UInt64(UInt8(bitPattern: characters[index])) }
    }
    packed = word
  }

  /// The first two characters: the class of the error.
  private var classCode: UInt64 { packed >> 24 }

  /// Whether the state belongs to the class of two characters that a literal with three more characters has.
  private func isInClass(of other: SQLState) -> Bool { classCode == other.classCode }
}

extension SQLState: CustomStringConvertible {
  /// The five characters, or nothing.
  var description: String {
    packed == 0
      ? "" : String(decoding: (0..<5).map { UInt8(truncatingIfNeeded: packed >> UInt64(32 - 8 * $0)) }, as: UTF8.self)
  }
}

/// What the states mean for an attempt (PostgreSQL manual, appendix A).
extension SQLState {
  static let serializationFailure = SQLState("40001")
  static let deadlockDetected = SQLState("40P01")
  static let uniqueViolation = SQLState("23505")
  /// A function of ours has refused (`RAISE EXCEPTION`).
  static let raisedException = SQLState("P0001")
  static let lockNotAvailable = SQLState("55P03")
  static let queryCanceled = SQLState("57014")
  static let connectionException = SQLState("08000")
  static let adminShutdown = SQLState("57P01")
  static let crashShutdown = SQLState("57P02")
  static let cannotConnectNow = SQLState("57P03")
  static let idleInTransactionTimeout = SQLState("25P03")
  static let transactionTimeout = SQLState("25P04")
  static let idleSessionTimeout = SQLState("57P05")
  /// The server is a standby, or the session must not write.
  static let readOnlyTransaction = SQLState("25006")
  static let invalidPassword = SQLState("28P01")
  static let invalidAuthorization = SQLState("28000")
  static let invalidCatalogName = SQLState("3D000")
  static let tooManyConnections = SQLState("53300")
  static let diskFull = SQLState("53100")
  static let insufficientPrivilege = SQLState("42501")
  static let undefinedObject = SQLState("42704")

  /// The setting of the server, the database or the role by which the server ended a session.
  var endingSetting: StaticString? {
    switch self {
    case .idleSessionTimeout: "idle_session_timeout"
    case .idleInTransactionTimeout: "idle_in_transaction_session_timeout"
    case .transactionTimeout: "transaction_timeout"
    default: nil
    }
  }

  /// Whether the server ends a session with this state only while it waits for a statement, so that it has not read one
  /// that was sent meanwhile.
  var endsIdleSession: Bool { self == .idleSessionTimeout || self == .idleInTransactionTimeout }

  /// Why an attempt failed that met this state.
  ///
  /// A statement that was cancelled (`statement_timeout`, or somebody asked for it) has not waited too long for a lock
  /// by any limit of a strategy, so it is an error; ``Connection/abandon(_:_:)`` says who cancelled it.
  ///
  /// - Parameter conflictsByConstraint: whether a violated unique constraint, or a function that refuses, tells of a
  ///   conflict. In serializable transactions the server may report one so (manual, section 13.5), and an append with an
  ///   expected version asks for it.
  func failure(conflictsByConstraint: Bool) -> AttemptFailure {
    switch self {
    case .serializationFailure: .conflict
    case .uniqueViolation where conflictsByConstraint, .raisedException where conflictsByConstraint: .conflict
    case .deadlockDetected: .deadlock
    case .lockNotAvailable: .lockTimeout
    case .adminShutdown, .crashShutdown, .cannotConnectNow: .connectionLost
    case .idleInTransactionTimeout, .transactionTimeout, .idleSessionTimeout: .connectionLost
    default: isInClass(of: .connectionException) ? .connectionLost : .error
    }
  }
}
