/// The coefficients that make `rows` times coefficients as near as possible to `targets`, by the sum of the squared
/// differences; nil when the rows do not determine them.
///
/// Normal equations, solved by Cholesky decomposition: for a handful of columns of similar size.
func leastSquares(rows: [[Double]], targets: [Double]) -> [Double]? {
  let columns = rows.first?.count ?? 0
  // Columns are brought to the same length first; otherwise squares of large ones drown the small ones.
  let lengths = (0..<columns).map { column in rows.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot() }
  guard columns > 0, lengths.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  let scaled = rows.map { row in zip(row, lengths).map { $0 / $1 } }
  var factor = [[Double]](repeating: [Double](repeating: 0, count: columns), count: columns)
  for i in 0..<columns {
    for j in 0...i {
      let product = scaled.reduce(0) { $0 + $1[i] * $1[j] }
      let rest = product - (0..<j).reduce(0) { $0 + factor[i][$1] * factor[j][$1] }
      if i == j {
        guard rest > 1e-12 else { return nil }
        factor[i][i] = rest.squareRoot()
      } else {
        factor[i][j] = rest / factor[j][j]
      }
    }
  }
  var solution = (0..<columns).map { column in zip(scaled, targets).reduce(0) { $0 + $1.0[column] * $1.1 } }
  for i in 0..<columns {
    solution[i] = (solution[i] - (0..<i).reduce(0) { $0 + factor[i][$1] * solution[$1] }) / factor[i][i]
  }
  for i in (0..<columns).reversed() {
    let rest = ((i + 1)..<columns).reduce(0) { $0 + factor[$1][i] * solution[$1] }
    solution[i] = (solution[i] - rest) / factor[i][i]
  }
  return zip(solution, lengths).map { $0 / $1 }
}
