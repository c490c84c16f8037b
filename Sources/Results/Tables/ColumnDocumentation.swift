extension Table {
  /// The columns as a table in Markdown: what `results/README.md` says about them.
  var documentation: String {
    let rows = columns.map { column in
      "| `\(column.name)` | \(column.kind.rawValue)\(column.mayBeEmpty ? ", may be empty" : "") | \(column.meaning) |\n"
    }
    return "| column | type | meaning |\n|---|---|---|\n" + rows.joined()
  }
}
