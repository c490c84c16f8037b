import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The loop of an adapter that is a lock: requests of contend on descriptor 3, replies on descriptor 4, one JSON object a line.
 * Each worker has a thread of its own, because locks may belong to threads.
 */
final class Adapter {
  /** A worker's access to the locks. All methods run in the worker's thread; what they return is the type of the reply. */
  interface Lock {
    /** Waits at most so many milliseconds: {@code granted}, {@code not_acquired} or {@code connection_lost}. */
    String acquire(String name, long wait) throws Exception;

    /** {@code released}, {@code lost} or {@code unknown}. */
    String release(String name) throws Exception;

    void close() throws Exception;
  }

  /** Connects a worker; so long the reply to {@code open} takes. */
  interface Opening {
    Lock open(JsonNode setting, int worker) throws Exception;
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static FileOutputStream replies;

  private final Opening opening;
  private final Map<Integer, ExecutorService> threads = new HashMap<>();
  private final Map<Integer, Lock[]> workers = new HashMap<>();
  private JsonNode setting;

  private Adapter(Opening opening) {
    this.opening = opening;
  }

  /** Serves contend until it says goodbye. */
  static void run(String name, String library, String version, String lease, String retries, Opening opening)
      throws IOException {
    if (System.getenv("CONTEND_ADAPTER") == null) {
      System.err.println("an adapter is started by contend, with requests on descriptor 3 and replies on 4: "
          + "try 'contend adapter check' with its path");
      System.exit(64);
    }
    FileInputStream input = new FileInputStream("/dev/fd/3");
    // Appending, because a virtual machine that is started by hand has an archive of its own there.
    replies = new FileOutputStream("/dev/fd/4", true);
    ObjectNode hello = JSON.createObjectNode().put("type", "hello").put("version", 1).put("name", name)
        .put("library", library).put("library_version", version).put("role", "lock").put("shared", false)
        .put("lease", lease).put("fencing", false).put("concurrency", "threads").put("max_workers", 64)
        .put("retries", retries);
    Adapter adapter = new Adapter(opening);
    BufferedReader requests = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      if (request.path("type").asText().equals("bye")) break;
      adapter.take(request, hello);
    }
    System.exit(0);
  }

  /** Something that nobody asked for, such as a session that ended. */
  static void event(int worker, String kind) {
    send(JSON.createObjectNode().put("type", "event").put("worker", worker).put("kind", kind).put("key", 0)
        .put("t_ns", System.nanoTime()));
  }

  private static synchronized void send(ObjectNode message) {
    try {
      replies.write((message + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException error) {
      System.exit(1); // contend is gone
    }
  }

  private void take(JsonNode request, ObjectNode hello) {
    long id = request.path("id").asLong();
    ObjectNode reply = JSON.createObjectNode().put("id", id);
    switch (request.path("type").asText()) {
      case "hello" -> send(hello.deepCopy().put("id", id));
      case "configure" -> {
        setting = request;
        send(reply.put("type", "ok"));
      }
      case "ping" -> send(reply.put("type", "pong"));
      // What waits goes on until its time is over: these libraries cannot be asked to stop waiting.
      case "cancel" -> send(reply.put("type", "ok"));
      case "open", "acquire", "release", "close" -> {
        int worker = request.get("worker").asInt();
        Lock[] own = workers.computeIfAbsent(worker, any -> new Lock[1]);
        threads.computeIfAbsent(worker, any -> Executors.newSingleThreadExecutor())
            .execute(() -> send(carryOut(request, own).put("id", id)));
      }
      default -> send(reply.put("type", "unsupported"));
    }
  }

  private ObjectNode carryOut(JsonNode request, Lock[] own) {
    ObjectNode reply = JSON.createObjectNode();
    String name = setting.path("namespace").asText("contend") + "-" + request.path("key").asInt();
    try {
      switch (request.get("type").asText()) {
        case "open" -> own[0] = opening.open(setting, request.get("worker").asInt());
        case "acquire" -> { return reply.put("type", own[0].acquire(name, request.get("wait_ms").asLong())); }
        case "release" -> { return reply.put("type", own[0].release(name)); }
        default -> {
          if (own[0] != null) own[0].close();
          return reply.put("type", "ok");
        }
      }
      return reply.put("type", "opened");
    } catch (Exception error) {
      return reply.put("type", "error").put("message", error.toString());
    }
  }
}
