internal import Model

/// A worker's second connection to a service, over which a request is delivered once more while the first delivery may
/// still be under way. Served by a task of its own on the worker's loop, which lasts as long as the session.
final class SecondConnection<Client: DeliveryClient & ~Copyable>: @unchecked Sendable {
  // because it is used on the thread of its loop only
  private enum Order {
    case deliver, mend, close
  }

  private let configuration: Client.Configuration
  private let worker: WorkerContext
  private let delay: Int64
  private let orders: Readiness
  private let reports: Readiness
  private var order = Order.mend
  private var attempt: Attempt?
  private var delivery = Delivery.failed(.connectionLost)
  private var failure: SetupFailure?
  /// Whether the session must be opened anew before it is of use: what it has left half done keeps others waiting.
  private(set) var isBroken = false

  /// - Parameter delay: nanoseconds between the first delivery and this one.
  init(_ configuration: Client.Configuration, _ worker: WorkerContext, delay: Int64) {
    self.configuration = configuration
    self.worker = worker
    self.delay = delay
    orders = worker.loop.makeSignal()
    reports = worker.loop.makeSignal()
  }

  /// Opens the session.
  func open() async throws(SetupFailure) {
    worker.loop.start { await self.run() }
    await reports.readable()
    if let failure { throw failure }
  }

  /// Begins to deliver the request of an attempt; ``finish()`` waits for what becomes of it.
  func begin(_ attempt: Attempt) {
    self.attempt = attempt
    give(.deliver)
  }

  /// What became of the delivery that ``begin(_:)`` began.
  func finish() async -> Delivery {
    await reports.readable()
    return delivery
  }

  /// Opens the session anew; returns whether it is in order.
  func mend() async -> Bool {
    give(.mend)
    await reports.readable()
    return !isBroken
  }

  /// Ends the session and the task.
  func close() async {
    give(.close)
    await reports.readable()
  }

  private func give(_ order: Order) {
    self.order = order
    orders.signal()
  }

  private func run() async {
    do throws(SetupFailure) {
      var client = try await Client.open(configuration, worker)
      reports.signal()
      await serve(&client)
      await client.close()
    } catch {
      failure = error
    }
    reports.signal()
  }

  private func serve(_ client: inout Client) async {
    while true {
      await orders.readable()
      switch order {
      case .close: return
      case .mend:
        do throws(SetupFailure) {
          try await client.reopen()
          worker.events.add(.reconnects)
          isBroken = false
        } catch {
          isBroken = true
        }
      case .deliver:
        guard var attempt else { break }
        if delay > 0 { await attempt.sleep(nanoseconds: delay) }
        delivery = await client.deliverSurely(&attempt)
        isBroken = delivery.failure?.breaksSession ?? false
      }
      reports.signal()
    }
  }
}
