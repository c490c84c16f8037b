internal import Model

/// How a permit of a semaphore is taken.
enum PermitGrant {
  /// Looks and takes in one script.
  case script
  /// Looks, and then takes.
  case countThenAdd
  /// Takes, and then looks for its place among all.
  case rank
}

/// A form of the semaphore, as a type.
protocol PermitForm: SendableMetatype {
  static var grant: PermitGrant { get }
}

/// `redis.semaphore`.
enum ScriptForm: PermitForm {
  static var grant: PermitGrant { .script }
}

/// `redis.semaphore-count-then-add`.
enum CountThenAddForm: PermitForm {
  static var grant: PermitGrant { .countThenAdd }
}

/// `redis.semaphore-rank`.
enum RankForm: PermitForm {
  static var grant: PermitGrant { .rank }
}
