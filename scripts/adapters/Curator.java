import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.KeeperException;

/**
 * An adapter around Apache Curator's InterProcessMutex: a queue of ephemeral nodes in ZooKeeper.
 *
 * <p>Service: zookeeper. The session's time-out is the {@code ttl} of the strategy. The mutex belongs to a thread, and its
 * release says nothing of a session that ended while the lock was held: after each release the session is compared with
 * that of the grant.
 */
final class Curator implements Adapter.Lock {
  private final CuratorFramework client;
  private final Map<String, InterProcessMutex> mutexes = new HashMap<>();
  private final AtomicLong sessionsLost = new AtomicLong();
  private long lostAtGrant;
  private long sessionAtGrant;

  private Curator(JsonNode setting, int worker) throws Exception {
    JsonNode service = setting.path("services").path("zookeeper");
    if (!service.isTextual()) throw new IOException("the strategy names no service zookeeper: add services: [zookeeper]");
    String servers = service.asText().replaceFirst("^.*://", "");
    // The retries that Curator's guide begins with.
    client = CuratorFrameworkFactory.newClient(
        servers, setting.get("ttl_ms").asInt(), 10_000, new ExponentialBackoffRetry(1000, 3));
    client.getConnectionStateListenable().addListener((any, state) -> {
      if (state == ConnectionState.LOST) {
        sessionsLost.incrementAndGet();
        Adapter.event(worker, "session_lost");
      }
    });
    client.start();
    if (!client.blockUntilConnected(10, TimeUnit.SECONDS)) throw new IOException("no connection to ZooKeeper within 10 s");
  }

  private long session() throws Exception {
    return client.getZookeeperClient().getZooKeeper().getSessionId();
  }

  @Override
  public String acquire(String name, long wait) throws Exception {
    InterProcessMutex mutex = mutexes.computeIfAbsent(name, any -> new InterProcessMutex(client, "/" + name));
    lostAtGrant = sessionsLost.get();
    try {
      if (!mutex.acquire(wait, TimeUnit.MILLISECONDS)) return "not_acquired";
      sessionAtGrant = session();
      return "granted";
    } catch (KeeperException.ConnectionLossException | KeeperException.SessionExpiredException | IOException error) {
      return "connection_lost";
    }
  }

  @Override
  public String release(String name) throws Exception {
    try {
      mutexes.get(name).release();
    } catch (IllegalMonitorStateException error) {
      return "lost";
    } catch (KeeperException.ConnectionLossException | KeeperException.SessionExpiredException error) {
      return "unknown";
    }
    return sessionsLost.get() == lostAtGrant && session() == sessionAtGrant ? "released" : "lost";
  }

  @Override
  public void close() {
    client.close();
  }

  public static void main(String[] arguments) throws Exception {
    Adapter.run("Curator InterProcessMutex", "curator-recipes", arguments[0], "session", "library", Curator::new);
  }
}
