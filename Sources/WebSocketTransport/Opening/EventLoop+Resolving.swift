import Glibc
import WebSocketCodec

// From a URL to the addresses that it may mean.
extension EventLoop {
    func resolve(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        let request = opening.request
        guard request.addresses.isEmpty else { return connect(connection, opening, to: request.addresses) }
        guard request.url.scheme != .wsUnix else {
            return fail(connection, ConnectionError(.unreachable, "the path of the socket is too long"))
        }
        let (host, port) = request.firstHost
        if let addresses = resolver.known(host, nowNanoseconds: opening.stepStartedNanoseconds) {
            connect(connection, opening, to: addresses.map { $0.with(port: port) })
        } else {
            resolver.resolve(host) { [self, id = connection.pointee.id] answer in
                enqueue { loop in loop.resolved(id, answer) }
            }
        }
    }

    private func resolved(_ id: ConnectionID, _ answer: Resolver.Answer) {
        guard let connection = connections[id], connection.pointee.phase == .resolving,
            let opening = connection.pointee.opening
        else { return }
        switch answer {
        case .success(let addresses):
            opening.timings.dnsNanoseconds = MonotonicClock.nowNanoseconds - opening.stepStartedNanoseconds
            let port = opening.request.firstHost.port
            connect(connection, opening, to: addresses.map { $0.with(port: port) })
        case .failure(let error): fail(connection, error)
        }
    }
}

extension SocketAddress {
    fileprivate func with(port: UInt16) -> SocketAddress {
        var address = self
        address.port = port
        return address
    }
}
