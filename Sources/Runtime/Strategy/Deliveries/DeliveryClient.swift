public import Model

/// What a service answered to one delivery of a request.
public enum DeliveryAnswer: Equatable {
  /// The request took effect by this delivery; its response.
  case done(response: Int64)
  /// An earlier delivery took effect; the response that was stored then.
  case replay(response: Int64)
  /// The request is known, and there is nothing to say about it.
  case ignored
  /// The request is being worked on (HTTP 409): ask again later.
  case turnedAway

  /// The response, if there is one.
  var response: Int64? {
    switch self {
    case .done(let response), .replay(let response): response
    case .ignored, .turnedAway: nil
    }
  }
}

/// A service that takes requests with an idempotency key, and one connection over which it works: what
/// ``Redelivered`` sends its requests to.
public protocol DeliveryClient: WorkerSession, ~Copyable {
  /// Whether a request whose answer was lost may be sent again, because the service can tell that it is the same one.
  static var canResend: Bool { get }
  /// Delivers the request of an attempt, whose ``Attempt/identity`` is its key. Leaves ``Attempt/values`` alone: another
  /// delivery of the same request may be under way.
  ///
  /// - Throws: ``AttemptFailure/ambiguous`` when the answer was lost and the request may have taken effect, or still may.
  mutating func deliver(_ attempt: inout Attempt) async throws(AttemptFailure) -> DeliveryAnswer
}

/// What became of a delivery.
enum Delivery {
  case answered(DeliveryAnswer)
  case failed(AttemptFailure)

  var response: Int64? {
    if case .answered(let answer) = self { answer.response } else { nil }
  }
  var failure: AttemptFailure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}

extension DeliveryClient where Self: ~Copyable {
  /// Delivers a request until there is an answer that says something, a few times.
  ///
  /// When the answer was lost, opens the session anew and sends the request with the same key again; it stays ambiguous
  /// when none of them is answered. Whoever is turned away asks again a little later.
  mutating func deliverSurely(_ attempt: inout Attempt) async -> Delivery {
    var isDoubtful = false
    var pause: Int64 = 1_000_000
    for _ in 1..<mostDeliveries {
      do throws(AttemptFailure) {
        let answer = try await deliver(&attempt)
        if answer != .turnedAway { return .answered(answer) }
        attempt.count(.rejectedDuplicates)
        await attempt.sleep(nanoseconds: pause)
      } catch {
        if error == .ambiguous { isDoubtful = true }
        guard isDoubtful else { return .failed(error) }
        guard Self.canResend else { return .failed(.ambiguous) }
        await attempt.sleep(nanoseconds: pause)
        if error.breaksSession { await reopen(noting: attempt) }
        attempt.count(.redeliveries)
      }
      pause *= 2
    }
    // Who is turned away now has not taken effect before: its key would be finished.
    do throws(AttemptFailure) { return .answered(try await deliver(&attempt)) } catch {
      return .failed(isDoubtful ? .ambiguous : error)
    }
  }

  /// A session that cannot be opened is lost with the next request that is sent over it.
  private mutating func reopen(noting attempt: Attempt) async {
    do throws(SetupFailure) {
      try await reopen()
      attempt.count(.reconnects)
    } catch {
      attempt.note(error: error.message)
    }
  }
}

/// Deliveries of a request that come to nothing one after the other, with pauses of 1 to 64 ms between them.
private let mostDeliveries = 8
