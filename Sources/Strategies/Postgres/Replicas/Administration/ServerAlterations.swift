internal import Model
internal import Runtime

/// Settings of servers that were changed for a trial (`ALTER SYSTEM`), and what they were before.
final class ServerAlterations {
  private struct Alteration {
    let server: PostgresAdministration
    let name: String
    /// What `postgresql.auto.conf` held, as a literal; nil for nothing.
    let former: String?
  }

  private var made: [Alteration] = []
  private static let names = ["recovery_min_apply_delay", "synchronous_standby_names"]

  /// Changes a setting of a server that it takes over while it runs.
  ///
  /// - Parameter literal: in quotes.
  func set(_ name: String, to literal: String, on server: PostgresAdministration) throws(SetupFailure) {
    if !made.contains(where: { $0.server === server && $0.name == name }) {
      made.append(Alteration(server: server, name: name, former: try Self.former(name, on: server)))
    }
    try Self.write(name, literal, on: server)
  }

  /// Takes note of everything that another process may change. Who may not read it may not change it either.
  func standBy(_ server: PostgresAdministration) {
    for name in Self.names {
      do throws(SetupFailure) {
        made.append(Alteration(server: server, name: name, former: try Self.former(name, on: server)))
      } catch { continue }
    }
  }

  /// Makes all settings what they were, or those of one server.
  func undo(on server: PostgresAdministration? = nil) throws(SetupFailure) {
    for (position, alteration) in made.enumerated().reversed() where server == nil || server === alteration.server {
      if try Self.former(alteration.name, on: alteration.server) != alteration.former {
        try Self.write(alteration.name, alteration.former, on: alteration.server)
      }
      made.remove(at: position)
    }
  }

  private static func former(_ name: String, on server: PostgresAdministration) throws(SetupFailure) -> String? {
    try server.ask(
      """
      SELECT quote_literal(setting) FROM pg_file_settings
      WHERE name = $1 AND sourcefile LIKE '%postgresql.auto.conf' ORDER BY seqno DESC LIMIT 1
      """, [name], for: "read its settings"
    ).first
  }

  private static func write(
    _ name: String, _ literal: String?, on server: PostgresAdministration
  ) throws(SetupFailure) {
    let purpose = "change \(name), for which the user must be a superuser"
    try server.order(literal.map { "ALTER SYSTEM SET \(name) = \($0)" } ?? "ALTER SYSTEM RESET \(name)", for: purpose)
    try server.order("SELECT pg_reload_conf()", for: purpose)
  }
}
