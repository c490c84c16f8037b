/// The table by which the lag of standbys is measured; made with the table `records`, empty at the start of each trial.
enum ReplicaTables {
  /// Names and columns.
  static let all: [(name: String, columns: String)] = [("heartbeats", "id int4 PRIMARY KEY, beat int8 NOT NULL")]
}
