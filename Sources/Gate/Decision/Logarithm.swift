internal import Glibc

/// The logarithm of a relative growth: 0.05 is 5 %.
func logOfGrowth(_ share: Double) -> Double { log1p(share) }

/// The relative growth that a logarithm of a ratio stands for.
func growth(ofLog value: Double) -> Double { expm1(value) }
