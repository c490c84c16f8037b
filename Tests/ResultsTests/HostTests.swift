import Foundation
import Model
import Testing

@testable import Results

@Suite struct HostTests {
  @Test("the hosts of a trial are read back field by field, and a trial on one machine has none")
  func roundTrip() throws {
    let root = try TemporaryFolder()
    var bare = sampleTrial(repetition: 3)
    bare.hosts = TrialHosts([HostRecord(rank: 0, name: "a", processors: 1, workers: 1)])
    try write([sampleTrial(repetition: 1), spread(repetition: 2), bare], sampleDescription(), to: root)
    let trials = try StoredRun(reading: root.path + "/run").trials
    #expect(trials.map(\.hosts) == [nil, sampleHosts(), bare.hosts])
  }

  @Test("a host is a row behind the key of its trial, and what they have in common stands in trials.csv")
  func rows() throws {
    let root = try TemporaryFolder()
    try write([spread(repetition: 1), sampleTrial(repetition: 2)], sampleDescription(), to: root)
    let hosts = try root.text("run/hosts.csv").split(separator: "\n")
    #expect(hosts.count == 4)
    #expect(
      hosts[1] == "1,20260301T120000Z-00abcd,postgres.for-update,8,1,0,so1,4,3,-1000000000123,9750,2500,8000000,"
        + "0.30000000000000004,0.5,51000,0,false,false,,,1")
    #expect(
      hosts[3] == "1,20260301T120000Z-00abcd,postgres.for-update,8,1,2,so3,64,2,,3,,,,,,15,true,false,,,1")
    let trials = try root.text("run/trials.csv").split(separator: "\n")
    #expect(
      trials[0].hasSuffix(
        ",hosts,clock_bound_us,start_skew_us,host_overlaps_count,host_undecided_count,host_apart_count,"
          + "host_sections_count,host_resolution_us"))
    #expect(trials[1].hasSuffix(",3,20.001,40.003,6,7,12000,12345,40.002"))
    #expect(trials[2].hasSuffix(",1,,,,,,,"))
  }

  @Test("trials on one machine make no file")
  func oneMachine() throws {
    let root = try TemporaryFolder()
    try write([sampleTrial()], sampleDescription(), to: root)
    #expect(!(try root.names("run")).contains("hosts.csv"))
  }

  @Test("folders of versions that knew no hosts are read")
  func earlier() throws {
    let root = try TemporaryFolder()
    try write([sampleTrial()], sampleDescription(), to: root)
    let records = try CSVRecords(StoredFile(root.path + "/run/trials.csv")).records
    let added = Set(hostColumns.map(\.name))
    let kept = records[0].fields.indices.filter { !added.contains(records[0].fields[$0]) }
    #expect(kept.count == records[0].fields.count - 8)
    let lines = records.map { record in kept.map { CSV.field(record.fields[$0]) }.joined(separator: ",") + "\n" }
    try root.write(lines.joined(), to: "run/trials.csv")
    let trial = try #require(try StoredRun(reading: root.path + "/run").trials.first)
    #expect(trial.hosts == nil)
  }

  @Test("a host that is missing, or damage in its row, is refused with the place")
  func damage() throws {
    let root = try TemporaryFolder()
    try write([spread(repetition: 1)], sampleDescription(), to: root)
    let whole = try root.text("run/hosts.csv")
    let lines = whole.split(separator: "\n")
    try root.write(lines.prefix(3).joined(separator: "\n") + "\n", to: "run/hosts.csv")
    let incomplete = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path + "/run") }
    #expect(incomplete?.message.contains("it ran on 3 hosts, but hosts.csv has 2 of them") == true)
    try root.write(whole.replacingOccurrences(of: ",15,true,", with: ",15,perhaps,"), to: "run/hosts.csv")
    let wrong = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path + "/run") }
    #expect(wrong?.message.contains("is_lost: 'perhaps' is not true or false") == true)
    try FileManager.default.removeItem(atPath: root.path + "/run/hosts.csv")
    let missing = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path + "/run") }
    #expect(missing?.message.contains("it ran on 3 hosts, but hosts.csv has 0 of them") == true)
  }
}

/// A trial of three hosts.
private func spread(repetition: Int) -> TrialResult {
  var trial = sampleTrial(repetition: repetition)
  trial.hosts = sampleHosts()
  return trial
}
