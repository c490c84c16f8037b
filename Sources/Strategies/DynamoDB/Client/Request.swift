#if DynamoDB
/// Parts of requests: one item per record, with the attributes `id` (text, the key), `amount` and `version` (numbers).
/// `value` is a reserved word there.
enum Request {
  static let keySchema = """
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],\
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"
    """

  static func table(_ name: String) -> String { "\"TableName\":\"\(name)\"" }

  static func key(_ record: Int32) -> String { "\"Key\":{\"id\":{\"S\":\"\(record)\"}}" }

  static func number(_ name: String, _ value: Int64) -> String { "\"\(name)\":{\"N\":\"\(value)\"}" }

  /// A whole item, for a table that is being filled.
  static func put(_ record: Int, _ value: Int64) -> String {
    let attributes = "\"id\":{\"S\":\"\(record)\"},\(number("amount", value)),\(number("version", 0))"
    return "{\"PutRequest\":{\"Item\":{\(attributes)}}}"
  }

  /// A strongly consistent read.
  static func get(_ table: String, _ record: Int32) -> String {
    "{\(Request.table(table)),\(key(record)),\"ConsistentRead\":true}"
  }

  /// The same as a part of a transaction.
  static func transactGet(_ table: String, _ record: Int32) -> String {
    "{\"Get\":{\(Request.table(table)),\(key(record))}}"
  }

  /// The members of an update that writes a value and the next version.
  ///
  /// - Parameter version: what the item must still have; nil for no condition.
  static func write(_ table: String, _ record: Int32, _ value: Int64, ifVersion version: Int64?) -> String {
    let condition = version == nil ? "" : "\"ConditionExpression\":\"version = :seen\","
    let values = [number(":new", value), number(":one", 1)] + (version.map { [number(":seen", $0)] } ?? [])
    return """
      \(Request.table(table)),\(key(record)),"UpdateExpression":"SET amount = :new, version = version + :one",\
      \(condition)"ExpressionAttributeValues":{\(values.joined(separator: ","))}
      """
  }

  /// The members of a check, in a transaction, that nobody has written an item since.
  static func check(_ table: String, _ record: Int32, version: Int64) -> String {
    """
    \(Request.table(table)),\(key(record)),"ConditionExpression":"version = :seen",\
    "ExpressionAttributeValues":{\(number(":seen", version))}
    """
  }

  /// The members of an update that adds, unless the result is below a bound, and that answers with the new value.
  static func add(_ table: String, _ record: Int32, _ amount: Int64, least: Int64) -> String {
    // What the amount must be before the addition; below every number there is no bound.
    let (needed, overflows) = least.subtractingReportingOverflow(amount)
    let hasBound = least != .min && !overflows
    let condition = hasBound ? "\"ConditionExpression\":\"amount >= :needed\"," : ""
    let values = [number(":change", amount), number(":one", 1)] + (hasBound ? [number(":needed", needed)] : [])
    return """
      \(Request.table(table)),\(key(record)),"UpdateExpression":"SET amount = amount + :change, version = version + :one",\
      \(condition)"ExpressionAttributeValues":{\(values.joined(separator: ","))},"ReturnValues":"UPDATED_NEW"
      """
  }

  /// The members of an update that replaces an amount, unless it is another, and that answers with the new one.
  static func replace(_ table: String, _ record: Int32, _ expected: Int64, by new: Int64) -> String {
    let values = [number(":expected", expected), number(":new", new), number(":one", 1)]
    return """
      \(Request.table(table)),\(key(record)),"UpdateExpression":"SET amount = :new, version = version + :one",\
      "ConditionExpression":"amount = :expected","ExpressionAttributeValues":{\(values.joined(separator: ","))},\
      "ReturnValues":"UPDATED_NEW"
      """
  }
}
#endif
