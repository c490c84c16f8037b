import Engine
import Model
import Runtime
import Testing

extension ScriptTests {
  /// Connections that are cut around the statement that decides.
  @Suite(.serialized) struct Faults {
    private static let stores = ScriptTrial.stores.filter { $0 != "sqlite" }
    private static let setup =
      "CREATE TABLE counter (id INT PRIMARY KEY, n BIGINT NOT NULL); INSERT INTO counter VALUES (1, 0);"

    private func run(_ store: String, _ text: String, _ request: RequestSelection) throws -> TrialResult {
      var trial = ScriptTrial(store, setup: Self.setup, text)
      trial.operations = nil
      trial.adjust = { $0.load.duration = .milliseconds(600) }
      let result = try FaultTrial.run(
        trial.scenario(), [PlannedFault(CutConnection(store, at: request), at: .milliseconds(100), for: nil)])
      FaultTrial.expectCountsAddUp(result)
      return result
    }

    private static let transfer = """
      \\set amount random(-9, 9)
      BEGIN;
      UPDATE counter SET n = n + :amount WHERE id = 1;
      COMMIT;
      --@ ack done += :amount
      --@ check sum = acked.done: SELECT n FROM counter
      """

    @Test("a lost answer to COMMIT may have happened", arguments: stores)
    func beforeReply(store: String) throws {
      let result = try run(store, Self.transfer, RequestSelection(.beforeReply, of: "COMMIT", .share(0.05)))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.ambiguous] > 0 && result.total[.unknown] > 0)
    }

    @Test("a COMMIT that the server never hears has not happened, and nobody can know", arguments: stores)
    func beforeForwarding(store: String) throws {
      let result = try run(store, Self.transfer, RequestSelection(.beforeForwarding, of: "COMMIT", .share(0.05)))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.ambiguous] > 0)
    }

    @Test("a connection that is lost inside a transaction is opened again", arguments: stores)
    func insideTransaction(store: String) throws {
      let result = try run(store, Self.transfer, RequestSelection(.beforeReply, of: "UPDATE", .share(0.05)))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.connectionLost] > 0 && result.total[.unknown] == 0)
    }

    @Test("a change outside a transaction decides", arguments: stores)
    func autocommit(store: String) throws {
      let text = """
        UPDATE counter SET n = n + 1 WHERE id = 1;
        --@ ack done += 1 matches: SELECT n FROM counter
        """
      let result = try run(store, text, RequestSelection(.beforeReply, of: "UPDATE", .share(0.05)))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.ambiguous] > 0)
    }

    @Test("a fault in the script shows through the slack of lost answers") func plantedFault() throws {
      let text = """
        BEGIN;
        UPDATE counter SET n = n + 2 WHERE id = 1;
        COMMIT;
        --@ ack done += 1 matches: SELECT n FROM counter
        """
      let result = try run("postgres", text, RequestSelection(.beforeReply, of: "COMMIT", .share(0.05)))
      #expect(result.verdict == .violation, "\(result.checks)")
    }

    @Test("a pipeline whose answers are lost may have happened") func pipeline() throws {
      let text = """
        \\startpipeline
        BEGIN;
        UPDATE counter SET n = n + 1 WHERE id = 1;
        COMMIT;
        \\endpipeline
        --@ ack done += 1 matches: SELECT n FROM counter
        """
      let result = try run("postgres", text, RequestSelection(.beforeReply, of: "COMMIT", .share(0.05)))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.ambiguous] > 0 && result.total[.committed] > 0)
    }
  }
}
