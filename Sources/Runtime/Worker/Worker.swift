internal import Model
internal import Synchronization

/// What the engine tells a worker about the trial.
struct WorkerPlan: Sendable {
  /// Nanoseconds inside the critical section.
  var hold: Int64
  /// Nanoseconds between two operations.
  var think: Int64
  /// Retry policy.
  var retry: RetryPolicy
  /// Operations that this worker runs; `Int.max` when time bounds the trial.
  var operations: Int
  /// When operations arrive at this worker in an open loop; nil in a closed loop.
  var arrivals: ArrivalSchedule?
  /// One operation in this many is timed, on average.
  var samplingInterval: Int
  /// What is watched while operations run, because no final state would show it.
  var observers: [any Observer.Type]

  /// How often a strategy may try again by itself: see ``Attempt/repeatsAtOnce``.
  var repeatsAtOnce: Int { retry.backoff == .none && retry.attempts == nil ? 64 : 0 }
}

/// One closed- or open-loop client, bound to one thread. It runs operations with its strategy until its process says
/// stop, and counts everything in the shared memory of the trial.
public final class Worker: Sendable {
  let index: Int
  let plan: WorkerPlan
  let memory: TrialMemory
  let threadIndex: Int
  let thread: ThreadBlock
  let loop: EventLoop
  let gate: StartGate
  let phase: PhaseSignal
  let seed: UInt64
  let sharesThread: Bool
  let ringStart: Int
  /// Operations that another worker began in this one's place, whose process has ended; they count as its own.
  let operationsBefore: Int

  init(
    index: Int, plan: WorkerPlan, memory: TrialMemory, threadIndex: Int, loop: EventLoop, gate: StartGate,
    phase: PhaseSignal, seed: UInt64, sharesThread: Bool
  ) {
    self.index = index
    self.plan = plan
    self.memory = memory
    self.threadIndex = threadIndex
    thread = memory.thread(threadIndex)
    self.loop = loop
    self.gate = gate
    self.phase = phase
    self.sharesThread = sharesThread
    let announced = memory.worker(index)[WorkerSlot.announced]
    operationsBefore = Int(WorkerSlot.number(of: announced))
    // Another process has tokens of its own: with those of the one before it, it could give back what that one holds.
    self.seed = seed &+ UInt64(operationsBefore) &* 0x9E37_79B9_7F4A_7C15
    var random = RandomSource(seed: seed, stream: UInt64(index) << 1)
    let first = Int(random.below(UInt64(memory.layout.ringLength)))
    ringStart = operationsBefore > 0 ? WorkerSlot.entry(of: announced) : first
  }

  /// Opens the strategy's session, waits for the common start, runs operations, closes.
  func run<S: Strategy & ~Copyable>(_: S.Type, _ configuration: S.Configuration) async {
    do throws(SetupFailure) {
      var session = try await S.open(configuration, context)
      await gate.arrive()
      if let start = await gate.start(on: loop) {
        await loop.sleep(until: start)
        noteStart(start)
        await operate(&session, start: start)
      }
      await session.close()
    } catch {
      gate.fail(error)
    }
  }

  /// The same for a strategy that blocks its thread.
  func run<S: BlockingStrategy & ~Copyable>(blocking _: S.Type, _ configuration: S.Configuration) async {
    do throws(SetupFailure) {
      var session = try S.open(configuration, context)
      await gate.arrive()
      if let start = await gate.start(on: loop) {
        await loop.sleep(until: start)
        noteStart(start)
        operate(&session, start: start)
      }
    } catch {
      gate.fail(error)
    }
  }

  /// Writes down how late it wakes for the common start; who takes the place of another one is not late.
  private func noteStart(_ start: Int64) {
    if operationsBefore == 0 { memory.worker(index)[WorkerSlot.startDelay] = max(1, monotonicNow() &- start) }
  }

  private var context: WorkerContext {
    WorkerContext(
      index: index, loop: loop, events: EventCounter(base: thread.counters(.warmUp), phase: phase),
      random: RandomSource(seed: seed, stream: UInt64(index) << 1 | 1), stages: StageRecorder(thread, phase),
      points: PointReporter(points: memory.points, worker: index, phase: phase), office: memory.office,
      fail: { [gate] in gate.fail($0) })
  }

  /// Where this worker writes its operations down, to be deallocated; nil when no history is kept.
  func makeJournal() -> Journal? {
    memory.historyRing(ofThread: threadIndex).map { Journal($0, worker: index, slot: memory.worker(index)) }
  }

  /// The attempt that this worker uses for all its operations; the values and the journal belong to the caller.
  func makeAttempt(values: UnsafeMutablePointer<Int64>, journal: Journal? = nil) -> Attempt {
    Attempt(
      operation: Operation(thread.ring.entry(ringStart), token: Int64(index) + 1),
      values: values, random: RandomSource(seed: seed, stream: UInt64(index) << 1), records: memory.records,
      events: EventCounter(base: thread.counters(.warmUp), phase: phase), loop: loop, holdNanoseconds: plan.hold,
      spinsWhileHolding: !sharesThread && plan.hold <= 100_000, thread: thread,
      slot: memory.worker(index), repeatsAtOnce: plan.repeatsAtOnce, journal: journal)
  }
}
