public import Model

/// Everything that a gate concludes, and from what.
public struct GateVerdict: Sendable {
  /// How the two arms were measured.
  public enum Mode: String, Sendable, Codable {
    /// In turns on one machine.
    case paired
    /// At different times.
    case stored
  }

  /// Share of the pairs of slices of a cell that were taken out.
  public struct Discards: Sendable, Equatable, Codable {
    /// The cell.
    public let cell: Cell
    /// Pairs of slices taken out because others used the CPU more during one of the two.
    public let discarded: Int
    /// Pairs of slices measured.
    public let measured: Int
  }

  /// How the two arms were measured.
  public let mode: Mode
  /// The arms.
  public let base: GateArm
  /// The arms.
  public let candidate: GateArm
  /// By what it was judged.
  public let policy: GatePolicy
  /// What decides before speed, and notes.
  public let findings: [GateFinding]
  /// Every metric of every cell, in the order of the cells.
  public let comparisons: [GateComparison]
  /// Pairs of slices taken out, by cell; empty when nothing was measured in turns.
  public let discards: [Discards]
  /// The least that the checkers examined in a cell of the candidate that must be correct: the power of "no violations".
  public let examined: Int64

  /// The conclusion: the worst of all.
  public var conclusion: GateConclusion {
    (findings.map(\.conclusion) + comparisons.map(\.conclusion)).max() ?? .passed
  }

  /// The exit code: that of the conclusion, unless the policy only warns of open comparisons.
  public var exitCode: Int32 { isOnlyWarning ? 0 : conclusion.rawValue }
  /// Whether the gate is green.
  public var passed: Bool { exitCode == 0 }
  /// Whether the gate is green although a comparison stays open.
  public var isOnlyWarning: Bool { conclusion == .inconclusive && policy.onInconclusive == .warn }

  /// The cells to measure anew, because a comparison that can fail the gate is flagged: what a live gate does next.
  public var cellsToConfirm: [Cell] {
    comparisons.filter { $0.verdict == .flagged && $0.rule.blocksOn != .nothing }.map(\.cell).withoutDuplicates
  }

  /// How many fresh pairs of blocks the second stage needs: those of the first, and more when so many comparisons are
  /// flagged that Holm's procedure could not confirm the first of them (the least p of n pairs is 2^-n).
  public var blocksToConfirm: Int {
    let flagged = comparisons.count { $0.verdict == .flagged && $0.rule.blocksOn != .nothing }
    var blocks = max(10, policy.blocks)
    while blocks < 60, Double(sign: .plus, exponent: -blocks, significand: 1) * Double(flagged) > CostDifference.alpha {
      blocks += 1
    }
    return blocks
  }
}
