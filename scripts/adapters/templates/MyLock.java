import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A lock for contend: copy this file and put your library into acquire() and release(). It runs as it is: {@code java
 * MyLock.java}, or compiled, which starts faster.
 *
 * <p>As it stands it is a real lock between processes of one machine: byte number {@code key} of one file.
 */
public final class MyLock {
  private static String setting; // what `configure` said, as it came: services, namespace, options
  private static FileChannel file;
  private static final Map<Long, FileLock> held = new HashMap<>();

  /** Connect here, to {@code text(setting, "redis")} for example. Nothing measures how long it takes. */
  static void open() throws Exception {
    Path path = Path.of(System.getProperty("java.io.tmpdir"), "my-lock.lock");
    file = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  /** Whether the lock is held now; waits at most so long. Every name on a server begins with the namespace. */
  static boolean acquire(long key, long waitMilliseconds, long leaseMilliseconds) throws Exception {
    long end = System.nanoTime() + waitMilliseconds * 1_000_000;
    FileLock lock;
    while ((lock = file.tryLock(key, 1, false)) == null) {
      if (System.nanoTime() - end > 0) return false;
      Thread.sleep(1);
    }
    held.put(key, lock);
    return true;
  }

  /** "released", or "lost" if your library tells that it was not held any more, or "unknown" if it cannot tell. */
  static String release(long key) throws Exception {
    held.remove(key).release();
    return "released";
  }

  static String answer(String request) throws Exception {
    switch (text(request, "type")) {
      case "hello":
        return "hello\",\"version\":1,\"name\":\"my lock\",\"library\":\"java.nio\",\"library_version\":\"1\",\"role\":\"lock\","
            + "\"lease\":\"none\",\"concurrency\":\"one\",\"max_workers\":1,\"retries\":\"none";
      case "configure":
        setting = request;
        return "ok";
      case "open":
        open();
        return "opened";
      case "acquire":
        boolean granted = acquire(number(request, "key"), number(request, "wait_ms"), number(request, "ttl_ms"));
        return granted ? "granted" : "not_acquired";
      case "release":
        return release(number(request, "key"));
      case "ping":
        return "pong";
      case "close", "cancel":
        return "ok";
      default:
        return "unsupported";
    }
  }

  /** Requests are flat enough for this; a library for JSON does it better. */
  static String text(String request, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\\s*\"?([^\",}]*)").matcher(request);
    return matcher.find() ? matcher.group(1) : "";
  }

  static long number(String request, String name) {
    return Long.parseLong(text(request, name));
  }

  public static void main(String[] arguments) throws Exception {
    if (System.getenv("CONTEND_ADAPTER") == null) throw new IllegalStateException("contend starts this program");
    BufferedReader requests = new BufferedReader(new FileReader("/dev/fd/3"));
    // Appending: opened otherwise, what is there would be emptied if it were a file.
    PrintStream replies = new PrintStream(new FileOutputStream("/dev/fd/4", true), true);
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      if (text(line, "type").equals("bye")) break;
      String reply;
      try {
        reply = answer(line);
      } catch (Exception error) {
        reply = "error\",\"message\":\"" + error.toString().replaceAll("[\"\\\\\n]", " ");
      }
      replies.println("{\"id\":" + number(line, "id") + ",\"type\":\"" + reply + "\"}");
    }
  }
}
