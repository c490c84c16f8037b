internal import Proxy

/// Stands between the members of a server, so that one of them can be cut from the others.
///
/// In front of each member there is one proxy, where all others meet it. Whose connection it is tells the kernel: which
/// process has the other end.
struct PeerProxies {
  private let proxy: ServiceProxy
  /// By member, the ways to it.
  private let links: [[ServiceProxy.Link]]
  /// Who is cut from the others; nil for nobody.
  private var cut: Cut?

  private enum Cut {
    case everybody
    case member(Int)
  }

  /// Begins to pass on what comes for the ports of members.
  init(between server: any ManagedServer, in directory: PrivateDirectory) throws(ServiceFailure) {
    do throws(ProxyFailure) {
      proxy = try ServiceProxy()
      var links: [[ServiceProxy.Link]] = []
      for member in 0..<server.members {
        var own: [ServiceProxy.Link] = []
        for port in server.peerPorts(of: member, in: directory) { own.append(try proxy.stand(beforePeersAt: port)) }
        links.append(own)
      }
      self.links = links
    } catch {
      throw ServiceFailure(error.message)
    }
  }

  /// Lets nothing pass between a member and the others, or between any two.
  ///
  /// - Parameter processes: by member.
  mutating func separate(_ member: Int?, _ processes: [Int32?]) {
    cut = member.map(Cut.member) ?? .everybody
    processesHaveChanged(processes)
  }

  /// Members have been started again: what is held is held for other processes.
  func processesHaveChanged(_ processes: [Int32?]) {
    switch cut {
    case nil: break
    case .everybody: proxy.hold(links.flatMap { $0 }) { _, _ in true }
    case .member(let member):
      let process = processes.indices.contains(member) ? processes[member] : nil
      for (target, ways) in links.enumerated() {
        proxy.hold(ways) { port, server in
          target == member || (process.map { SocketOwner.has($0, connectionFrom: port, to: server) } ?? false)
        }
      }
    }
  }

  /// Lets everything pass again.
  mutating func join() {
    cut = nil
    proxy.calm(links.flatMap { $0 })
  }
}
