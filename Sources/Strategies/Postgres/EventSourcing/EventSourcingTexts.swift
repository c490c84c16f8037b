/// What the documentation of all forms of event sourcing says.
enum EventSourcingTexts {
  static let idea = """
    Event sourcing: the record is a stream of events that are never changed, and its value is what they add up to. Who
    reads much asks a read model, which a projection keeps from the same events and which lags behind (CQRS).
    """

  static let fold = """
    One `SELECT` folds the streams of the operation: the newest snapshot of each, or what it began with, plus the events
    after it; and says which version was the last.
    """

  static let foldInside = """
    one `SELECT` folds the streams: the newest snapshot of each, or what it began with, plus the events after it.
    """

  static let alsoRead = """
    A stream that the decision has only looked at gets an event of amount 0, so that decisions over several streams cannot
    skew. After every `snapshot-every` events of a stream its value is stored in `snapshots`, by a statement of its own:
    lost if the session dies, and not missed.
    """

  static let projection = """
    Worker 0 has a second connection for the projection. Every `poll-every` one statement reads the new events, adds
    them to the table `read_model`, and moves the checkpoint from where it was (`UPDATE checkpoint ... WHERE passed =
    $old`): in one transaction, so that each event counts once, whoever dies when. New are events of transactions behind
    the checkpoint and before `txid_snapshot_xmin(txid_current_snapshot())`: all of these have ended, so none of them can
    bring another event; less those at the end that another one precedes in a stream which has not been passed yet. After the trial the driver projects what is left. With `read-model: true` operations that only
    read are answered by the read model, with `read-your-writes: true` once it knows what this worker has appended. The
    stages are `append`, `lag` (from the append of an event until its projection is confirmed) and `wait` (of such a
    read).
    """

  static let guarantees = """
    no lost update and no write skew; versions of a stream without gap; the events of one operation appear together, in
    the read model, too, which never runs ahead of its checkpoint.
    """

  static let doesNotGuarantee = """
    That the read model is up to date: a read from it may be older than what was acknowledged, and the workloads that
    promise fresh reads say so. A transaction of anybody on the server that has changed something and does not end stops
    the projection, not the appends.
    """

  static let failureWindow = """
    none. While the process of worker 0 is gone nothing is projected; whoever takes its place goes on from the checkpoint.
    """
}
