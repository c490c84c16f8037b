// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let memory: [String: String] = [
    "floor.memory": #"""
      `floor.memory`: an operation that does nothing.

      Algorithm: none; every operation counts as committed.
      Guarantees: nothing, and changes nothing: what is left is the operation loop itself.
      Round trips under the lock: 0; nothing is held.
      """#,
    "host.flock": #"""
      `host.flock`: one file per record, locked as a whole.

      Algorithm: each worker opens the file of each record once; `flock(descriptor, LOCK_EX)`, `LOCK_SH` for operations that
      only read; read, decide, write; `flock(descriptor, LOCK_UN)`. The lock belongs to the open file description: each
      worker has its own, so threads of one process exclude each other too. The files lie in a folder of the run and are
      never removed while it lasts, so nobody locks a file that is not there any more.
      Guarantees: mutual exclusion between the threads of all processes of one host. The kernel gives the locks of a process
      that dies back when its descriptors close.
      Does not guarantee: anything to processes that inherit the descriptor over `fork`: they share the lock. Detection of
      deadlocks: workers that lock several records in different orders wait for each other for ever. Order among those who
      wait. The same over NFS.
      Failure window: none.
      Round trips under the lock: 0; each lock and unlock is a system call.
      Source: Linux `flock(2)`.
      """#,
    "host.ofd-lock": #"""
      `host.ofd-lock`: one file, and in it one locked byte per record.

      Algorithm: each worker opens the file once; `fcntl(descriptor, F_OFD_SETLKW, ...)` for the byte at the record's number,
      `F_WRLCK`, or `F_RDLCK` for operations that only read; read, decide, write; `F_UNLCK`. The lock belongs to the open
      file description, not to the process as with the older `F_SETLKW`, whose locks go with the first `close` of any
      descriptor of the file and do not exclude threads of one process.
      Guarantees: mutual exclusion between the threads of all processes of one host. The kernel gives the locks of a process
      that dies back when its descriptor closes.
      Does not guarantee: detection of deadlocks, which only `F_SETLKW` has: workers that lock several records in different
      orders wait for each other for ever. Order among those who wait.
      Failure window: none.
      Round trips under the lock: 0; each lock and unlock is a system call.
      Source: Linux `fcntl_locking(2)`, "Open file description locks".
      """#,
    "host.robust-mutex": #"""
      `host.robust-mutex`: one `pthread_mutex_t` per record in shared memory, shared by processes, robust.

      Algorithm: a mutex with `PTHREAD_PROCESS_SHARED` and `PTHREAD_MUTEX_ROBUST` beside the record. Free and taken are a
      word in memory, waiting is a futex. The kernel knows which mutexes a thread holds; when it dies, the next one that
      locks gets `EOWNERDEAD` and the lock, and calls `pthread_mutex_consistent`. The record needs no repair: its value is
      one word, stored at once.
      Guarantees: mutual exclusion between the threads of all processes of one host. A holder that dies blocks nobody.
      Does not guarantee: that several records of one operation change together when the holder dies between them; order
      among those who wait. Workers that lock several records in different orders wait for each other for ever.
      Failure window: none for one record.
      Round trips under the lock: 0.
      Source: POSIX.1-2017 `pthread_mutexattr_setrobust`; Linux `Documentation/locking/robust-futexes.rst`.
      """#,
    "host.semaphore": #"""
      `host.semaphore`: one POSIX semaphore per record in shared memory, with one permit.

      Algorithm: `sem_init` with `pshared` beside the record, where no name has to be removed; `sem_wait`, read, decide,
      write, `sem_post`. A counter in memory; waiting is a futex.
      Guarantees: mutual exclusion between the threads of all processes of one host, as long as nobody dies.
      Does not guarantee: anything to those who wait for a holder that died. A semaphore has no owner: the permit is gone,
      and everybody waits for ever. The negative example beside `host.robust-mutex`. Order among those who wait. Workers
      that lock several records in different orders wait for each other for ever.
      Failure window: from the death of a holder, for ever.
      Round trips under the lock: 0.
      Source: POSIX.1-2017 `sem_init`, `sem_wait`.
      """#,
    "memory.actor": #"""
      `memory.actor`: a Swift actor that owns all records; an operation is one call.

      Algorithm: the actor runs one call at a time; a worker whose call must wait is suspended and its thread goes to sleep.
      Workers keep their threads: the actor's calls run on the thread of the worker that made them.
      Guarantees: mutual exclusion between the tasks of one process, for any number of records at once.
      Does not guarantee: order of arrival, or that operations on different records run side by side: there is one actor.
      Nothing between processes. Exclusion ends at every `await` inside the actor, so the hold time blocks the thread.
      Failure window: when the process dies, the actor dies with the data it guards.
      Round trips under the lock: 0.
      Source: Swift Evolution SE-0306 "Actors", SE-0417 "Task Executor Preference".
      """#,
    "memory.cas": #"""
      `memory.cas`: an optimistic loop around one compare-and-exchange, `lock cmpxchg` on x86-64.

      Algorithm: load the value, decide, and store the new value only if the record still holds the loaded one. A failed
      exchange is a conflict, and is tried again as the retry policy says: unless the scenario states one, at once, with the
      value that the exchange has found. With `backoff: true` the worker first pauses, spinning: 2, 4, 8 ... up to 1024 pause
      hints, from the start again after a success, and loads anew.
      Guarantees: no lost update and every guard kept, also between processes that share the data. Some worker always
      makes progress (lock-free).
      Does not guarantee: that each worker makes progress, or operations on several records. A value that changed and came
      back is not noticed (ABA); the decision depends on nothing but that value, so it is still right.
      Failure window: none; a worker that dies has stored everything or nothing.
      Round trips under the lock: 0; nothing is held.
      Source: ISO C11 7.17.7.4 `atomic_compare_exchange_weak`; Herlihy 1991, "Wait-Free Synchronization"; the backoff of
      crossbeam.
      """#,
    "memory.dispatch-queue": #"""
      `memory.dispatch-queue`: one serial `DispatchQueue` per record; an operation is one block.

      Algorithm: `queue.sync`, which runs the block on the thread of the caller as soon as those that came before have
      ended; a caller that must wait sleeps in the kernel. An operation on several records nests its calls, in the order of
      the steps.
      Guarantees: mutual exclusion between the threads of one process, first come, first served.
      Does not guarantee: anything between processes. A block that calls `sync` on its own queue waits for itself; workers
      that lock several records in different orders wait for each other for ever.
      Failure window: when the process dies, the queue dies with the data it guards.
      Round trips under the lock: 0.
      Source: swift-corelibs-libdispatch, `dispatch_sync`.
      """#,
    "memory.fetch-add": #"""
      `memory.fetch-add`: one atomic addition, `lock xadd` on x86-64.

      Algorithm: atomic read-modify-write of the value; never retries, and the hardware decides the order.
      Guarantees: no lost update, also between processes that share the data. The fastest there is: the ceiling.
      Does not guarantee: a bound. A guarded decrement needs `memory.cas`.
      Failure window: none; a worker that dies has added or not.
      Round trips under the lock: 0; nothing is held.
      Source: ISO C11 7.17.7.5 `atomic_fetch_add`.
      """#,
    "memory.mcs": #"""
      `memory.mcs`: the queue lock of Mellor-Crummey and Scott, one queue per record.

      Algorithm: a worker appends a node of its own to the queue by an atomic exchange of the tail and waits on a flag in
      that node; the holder clears the flag of its successor. Each waiter looks at a line of its own. Waiters pause, and
      after 100 looks yield, because workers may outnumber processors.
      Guarantees: mutual exclusion between the threads of one process, strictly first come, first served; a hand-over
      touches two lines, however many wait.
      Does not guarantee: speed with more workers than processors: when the next in line is not running, everybody waits.
      Nothing between processes. Workers that lock several records in different orders spin for ever.
      Failure window: when the process dies, the lock dies with the data it guards.
      Round trips under the lock: 0.
      Source: Mellor-Crummey and Scott 1991, "Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors".
      """#,
    "memory.mutex": #"""
      `memory.mutex`: one `pthread_mutex_t` per record, shared by the threads of one process.

      Algorithm: glibc's default mutex: an atomic word, and a futex wait in the kernel when it is taken; no spinning.
      Waiters may be overtaken (barging): fast, not fair.
      Guarantees: mutual exclusion between the threads of one process.
      Does not guarantee: anything between processes, even when they share the data; there it loses updates. Workers that
      lock several records in different orders wait for each other for ever.
      Failure window: when the process dies, the lock dies with the data it guards.
      Round trips under the lock: 0.
      Source: POSIX.1-2017 `pthread_mutex_lock`; glibc `nptl/pthread_mutex_lock.c`.
      """#,
    "memory.none": #"""
      `memory.none`: no protection at all. A planted control: the checkers must catch it.

      Algorithm: load, give the processor away, decide, store. The yield between steps makes sure that others come between
      even on one processor; without it a lost update may take minutes to appear.
      Guarantees: nothing. Single loads and stores are atomic, so that updates are lost the way correct code loses them.
      Does not guarantee: that any acknowledged update stays, or that several values read belong together.
      Failure window: all the time.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
    "memory.rwlock": #"""
      `memory.rwlock`: one `pthread_rwlock_t` per record; operations that only read share it.

      Algorithm: glibc's reader-writer lock: readers count themselves in by an atomic addition, a writer waits until they
      have left; futex waits in the kernel. Readers are preferred: they enter while a writer waits.
      Guarantees: mutual exclusion of writers from everybody else between the threads of one process.
      Does not guarantee: that a writer ever gets its turn while readers keep coming. Nothing between processes. Workers
      that lock several records in different orders wait for each other for ever.
      Failure window: when the process dies, the lock dies with the data it guards.
      Round trips under the lock: 0.
      Source: POSIX.1-2017 `pthread_rwlock_rdlock`; glibc `nptl/pthread_rwlock_common.c`.
      """#,
    "memory.semaphore": #"""
      `memory.semaphore`: one POSIX semaphore per record, with one permit.

      Algorithm: `sem_wait` takes the permit, `sem_post` gives it back: an atomic counter, and a futex wait in the kernel
      when it is 0.
      Guarantees: mutual exclusion between the threads of one process.
      Does not guarantee: that the permit comes back from who took it: a semaphore has no owner, so any thread may post, and
      one post too many lets two in. Order among those who wait. Nothing between processes. Workers that lock several
      records in different orders wait for each other for ever.
      Failure window: when the process dies, the semaphore dies with the data it guards.
      Round trips under the lock: 0.
      Source: Dijkstra 1965, "Cooperating Sequential Processes"; POSIX.1-2017 `sem_wait`.
      """#,
    "memory.spin": #"""
      `memory.spin`: a test-and-test-and-set spinlock per record.

      Algorithm: waiters look at the word until it is free and only then try to take it by an atomic exchange, so that the
      line is not torn away from the holder on every look. A pause hint between looks; after 100 of them `sched_yield`,
      because workers may outnumber processors.
      Guarantees: mutual exclusion between the threads of one process.
      Does not guarantee: any order among waiters; one may wait while others pass many times. Wasted processor time when
      the holder is not running. Nothing between processes. Workers that lock several records in different orders spin for
      ever.
      Failure window: when the process dies, the lock dies with the data it guards.
      Round trips under the lock: 0.
      Source: Rudolph and Segall 1984 (test-and-test-and-set); Anderson 1990.
      """#,
    "memory.swift-mutex": #"""
      `memory.swift-mutex`: one `Synchronization.Mutex` of the Swift standard library per record.

      Algorithm: on Linux a word that holds the owner's thread id; a compare-and-exchange when it is free, else up to 1,000
      looks with a pause hint, then a priority-inheriting futex: the kernel hands the lock to the first waiter.
      Guarantees: mutual exclusion between the threads of one process; waiters are served about in order.
      Does not guarantee: speed under contention; each hand-over goes through the kernel, and throughput falls far below
      that of `memory.mutex`. Nothing between processes. Workers that lock several records in different orders wait for
      each other for ever.
      Failure window: when the process dies, the lock dies with the data it guards.
      Round trips under the lock: 0.
      Source: Swift 6.3 `stdlib/public/Synchronization/Mutex/LinuxImpl.swift`; Linux `FUTEX_LOCK_PI`.
      """#,
    "memory.ticket": #"""
      `memory.ticket`: a ticket lock per record.

      Algorithm: a worker draws the next number by an atomic addition and waits until that number is served; the holder
      serves the next one when it leaves. Both words lie in lines of their own. Waiters pause, and after 100 looks yield,
      because workers may outnumber processors.
      Guarantees: mutual exclusion between the threads of one process, strictly first come, first served.
      Does not guarantee: speed with more workers than processors: when the next in line is not running, everybody waits.
      Nothing between processes. Workers that lock several records in different orders spin for ever.
      Failure window: when the process dies, the lock dies with the data it guards.
      Round trips under the lock: 0.
      Source: Mellor-Crummey and Scott 1991, section 2.2.
      """#,
  ]
}
