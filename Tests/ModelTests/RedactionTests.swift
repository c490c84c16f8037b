import Model
import Testing

/// Texts that may hold URLs are shown and stored without their credentials.
struct RedactionTests {
  @Test(
    "in a text every URL loses its credentials, and nothing else is lost",
    arguments: [
      ("# was postgresql://ann:s3cret@db/x, slow", "# was postgresql://***@db/x, slow"),
      ("# 'redis://:it''s3cret@h:1' (old)", "# 'redis://***@h:1' (old)"),
      ("# \"redis://:s3\\x63ret@h\"", "# \"redis://***@h\""),
      ("# \"redis://:s3cret\\x40h\"", "# \"redis://***\""),
      ("redis://:my s3cret@h and more", "redis://***@h and more"),
      ("redis://a:s3cret@h\r\n- http://b:s3cret@h\n", "redis://***@h\r\n- http://***@h\n"),
      ("mail me@h, see http://h/a:b.", "mail me@h, see http://h/a:b."),
      ("starts with postgresql:// or redis://, then '://'", "starts with postgresql:// or redis://, then '://'"),
      ("", ""), ("://", "://"), ("no URL", "no URL"),
    ])
  func texts(text: String, shown: String) { #expect(Redaction.urls(in: text) == shown) }

  @Test(
    "arguments of a command line",
    arguments: [
      ("--set=services.postgres=postgresql://ann:s3cret@db/x", "--set=services.postgres=postgresql://***@db/x"),
      ("services.postgres=managed", "services.postgres=managed"),
      ("services.postgres=host=db user=ann passfile=s3cret", "services.postgres=***"),
      (#"services={postgres: "postgresql:\x2f\x2fann:s3cret@db"}"#, "services=***"),
      (#"--base-set=services={redis: "redis://:s3cret@h"}"#, "--base-set=services=***"),
      ("redis://:s3cret@cache:6379/0", "redis://***@cache:6379/0"),
      ("postgresql://db/x?user=ann&password=s3cret", "postgresql://db/x?user=***&password=***"),
      ("postgresql://ann:s3cret@db/x?password=s3cret", "postgresql://***@db/x?password=***"),
      ("postgresql://db/x?sslkey=s3cret", "postgresql://db/x?sslkey=***"),
      ("host=db PASSWORD=s3cret", "host=db PASSWORD=***"),
      ("PGPASSWORD=s3cret", "PGPASSWORD=***"),
      ("PGPASSWORD=s3cret postgresql://ann:s3cret@db", "PGPASSWORD=***"),
      ("scenarios/01-quickstart.yaml", "scenarios/01-quickstart.yaml"), ("", ""),
    ])
  func arguments(argument: String, shown: String) { #expect(Redaction.argument(argument) == shown) }
}
