// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let all: [[String: String]] = [
    dynamoDB,
    etcd,
    mariaDB,
    memcached,
    memory,
    postgres,
    redis,
    sQLite,
    zooKeeper,
  ]
}
