import Testing

/// Tests that use the private PostgreSQL. One after the other: its counts are those of a whole database.
@Suite(.serialized) enum PostgresTests {}
