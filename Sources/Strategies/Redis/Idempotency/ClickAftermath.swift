internal import Checking
internal import Model
internal import Runtime

/// What became of clicks, once nobody sends any more.
enum ClickAftermath {
  static let aftermath = Aftermath(judgedBy: [SingleEffects(), KeptEffects(), SameResponses()], collect)

  private static func collect(_ environment: StrategyEnvironment) throws(SetupFailure) -> Remains {
    let address = try RedisAddress(url: environment.endpoint("redis"))
    let connection = try AdministrationConnection.open(address)
    var accounts: [Int64: (requests: Int64, effects: Int64)] = [:]
    var repeated: [[Int64]] = []
    for key in ClickKeys.effects(environment.namespace) {
      let elements = try connection.command(["HGETALL", key]).elements
      for index in stride(from: 0, to: elements.count - 1, by: 2) {
        guard let request = elements[index].text?.split(separator: ":").compactMap({ Int64($0) }), request.count == 3,
          let effects = elements[index + 1].text.flatMap({ Int64($0) })
        else { continue }
        accounts[request[2], default: (0, 0)].requests += 1
        accounts[request[2], default: (0, 0)].effects += effects
        if effects > 1, repeated.count < EffectQuestion.mostRows { repeated.append(request + [effects]) }
      }
    }
    var remains = Remains()
    remains[EffectQuestion.accounts] = accounts.sorted { $0.key < $1.key }
      .map { [$0.key, $0.value.requests, $0.value.effects] }
    remains[EffectQuestion.repeated] = repeated
    return remains
  }
}
