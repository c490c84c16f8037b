public import Model

/// Reads a history out of a log of Jepsen, whose lines end in process, type, function and value, parted by tabs or
/// blanks: `INFO  jepsen.util - 2	:invoke	:cas	[3 0]`. Lines that are something else are passed over.
public enum JepsenLogReader {
  /// The history in a file.
  public static func read(_ bytes: [UInt8]) throws(HistoryProblem) -> History {
    var pairing = EventPairing()
    var isEmpty = true
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard let event = event(in: line) else { continue }
      do throws(IncompleteLine) { try pairing.append(event) } catch {
        throw HistoryProblem(line: number + 1, error.message)
      }
      isEmpty = false
    }
    if isEmpty {
      throw HistoryProblem(line: 1, "the file has no line of a history, like '... - 2 :invoke :read nil'")
    }
    return pairing.finished()
  }

  /// The event behind the dash; nil when the line has none.
  private static func event(in line: ArraySlice<UInt8>) -> JepsenEvent? {
    let dash = line.indices.dropLast(2).first {
      line[$0] == 0x20 && line[$0 + 1] == UInt8(ascii: "-") && line[$0 + 2] == 0x20
    }
    guard let dash else { return nil }
    return Array(line[(dash + 3)...]).withUnsafeBufferPointer { buffer in
      var scanner = EDNScanner(buffer)
      var forms: [EDNForm] = []
      while scanner.skipBlanks(), forms.count < 5 {
        guard let form = try? scanner.form() else { return nil }
        forms.append(form)
      }
      guard forms.count >= 4, case .integer(let process) = forms[0], case .word(let type) = forms[1],
        case .word(let function) = forms[2], type == "invoke" || RecordedOperation.Ending(rawValue: type) != nil
      else { return nil }
      // What did not end well says why in the place of its value.
      let isError = type == "fail" || type == "info"
      return JepsenEvent(
        process: Int(process), type: type, function: function, value: isError ? nil : forms[3],
        error: isError ? (forms.count > 4 ? forms[4] : forms[3]).text : nil)
    }
  }
}
