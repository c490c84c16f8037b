internal import Yams
internal import Words

/// Composes the text of a scenario into a tree; the only file, with ``TreeBuilder``, that knows Yams.
enum Document {
  /// The root of a text, or nil after reporting why there is none.
  static func root(of text: String, _ diagnostics: inout Diagnostics) -> YAMLNode? {
    var masked = MaskedText(text)
    if let (scalar, line, column) = masked.forbiddenCharacter() {
      let code = String(scalar.value, radix: 16, uppercase: true).rightAligned(4, fill: "0")
      diagnostics.report(
        .position(line: line, column: column), nil, "the character U+\(code) is not allowed; remove it")
      return nil
    }
    while true {
      do throws(YamlError) {
        return try compose(masked, &diagnostics)
      } catch {
        if case .duplicatedKeysInMapping(let keys, let context) = error, let key = keys.first,
          masked.maskDuplicate(key, line: context.mark.line, column: context.mark.column)
        {
          continue
        }
        report(error, in: masked, &diagnostics)
        return nil
      }
    }
  }

  /// The one parser of scenario files, so that whatever reads them sees the same nodes.
  static func parser(of masked: MaskedText) throws -> Parser {
    try Parser(yaml: masked.text, resolver: .basic, encoding: .utf8)
  }

  private static func compose(_ masked: MaskedText, _ diagnostics: inout Diagnostics) throws(YamlError) -> YAMLNode? {
    do {
      let parser = try parser(of: masked)
      guard let root = try parser.nextRoot() else {
        diagnostics.report(.file, nil, "the file states nothing; it needs 'workload' and 'strategies' at least")
        return nil
      }
      if let second = try parser.nextRoot() {
        let place = second.mark.map(Problem.Place.init) ?? .file
        diagnostics.report(place, nil, "a second document starts here; put each scenario into a file of its own")
      }
      var builder = TreeBuilder(masked: masked, diagnostics: diagnostics)
      let tree = builder.tree(of: root)
      diagnostics = builder.diagnostics
      // Nodes hold their anchors weakly: the parser owns them.
      return withExtendedLifetime(parser) { tree }
    } catch let error as YamlError {
      throw error
    } catch {
      throw YamlError.no
    }
  }

  private static func report(_ error: YamlError, in masked: MaskedText, _ diagnostics: inout Diagnostics) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if masked.isTab(line: mark.line, column: mark.column) {
        diagnostics.report(Problem.Place(mark), nil, "a tab is not allowed here; indent with spaces")
        return
      }
      var scope = ""
      if let context, context.mark.line != mark.line {
        scope = " (\(context.text) that starts on line \(context.mark.line))"
      }
      diagnostics.report(Problem.Place(mark), nil, "this is not valid YAML: \(masked.original(problem))\(scope)")
    case .duplicatedKeysInMapping(let keys, let context):
      let key = masked.original(keys.first ?? "").quotedForMessage
      diagnostics.report(Problem.Place(context.mark), nil, "the key \(key) is stated twice; keep one of them")
    default:
      diagnostics.report(.file, nil, "this is not valid YAML")
    }
  }
}

extension Problem.Place {
  /// The place of a mark of Yams.
  init(_ mark: Mark) { self = .position(line: mark.line, column: mark.column) }
}
