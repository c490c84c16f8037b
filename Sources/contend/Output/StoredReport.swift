internal import Analysis
internal import Report
internal import Results
internal import Runtime
internal import StrategyCatalog

/// Reports of stored runs, with what this program knows of strategies.
enum StoredReport {
  /// Reads the runs and writes their report into a folder; returns the path of the page.
  static func write(of runs: [String], to folder: String) throws(ResultsFailure) -> String {
    var stored: [StoredRun] = []
    for run in runs { stored.append(try StoredRun(reading: run)) }
    return try ReportFiles.write(Report(stored, lookup: StrategyCatalog.lookup), to: folder)
  }
}
