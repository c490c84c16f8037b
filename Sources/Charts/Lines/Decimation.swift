/// At most so many points of a curve: the first, the last, and the lowest and the highest of each run between, so that
/// no peak is lost.
func decimated(_ points: [LineChart.Point], to limit: Int = 400) -> [LineChart.Point] {
  guard points.count > limit, limit >= 4 else { return points }
  let inner = 1..<points.count - 1
  let runs = (limit - 2) / 2
  var kept = [0]
  for run in 0..<runs {
    let indices = inner.lowerBound + inner.count * run / runs..<inner.lowerBound + inner.count * (run + 1) / runs
    let placed = indices.filter { points[$0].y.isFinite }
    guard let lowest = placed.min(by: { points[$0].y < points[$1].y }),
      let highest = placed.max(by: { points[$0].y < points[$1].y })
    else {
      // A gap stays a gap.
      if let first = indices.first { kept.append(first) }
      continue
    }
    kept += lowest == highest ? [lowest] : [min(lowest, highest), max(lowest, highest)]
  }
  return (kept + [points.count - 1]).map { points[$0] }
}
