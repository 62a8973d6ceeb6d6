import CLinux
import Dispatch
import Glibc
import Synchronization

/// Stands between a client and a server that does right: passes on what they say, and has one thing go wrong with each
/// connection.
///
/// Whoever makes one stops it. Each connection has a thread, and waits in no call for longer than `WireRelay.tickMilliseconds`.
package final class FaultProxy: Sendable {
    package let port: Int
    private let listener: Int32
    private let struckCount = Atomic(0)
    private let isStopping = Atomic(false)
    private let threads = DispatchGroup()

    /// - Parameters:
    ///   - server: the port of the server, on the loopback interface.
    ///   - faults: one for each connection, in turn.
    /// - Throws: `SystemCallFailure`.
    package init(before server: Int, _ faults: [WireFault]) throws {
        (listener, port) = try LoopbackSocket.listen(backlog: 128)
        DispatchQueue(label: "fault proxy").async(group: threads) { [self] in
            accept(server: server, faults: faults)
        }
    }

    /// The connections that had their fault so far: one may be over before it comes to that.
    package var struck: Int { struckCount.load(ordering: .relaxed) }

    /// Hangs up everywhere. Once.
    package func stop() {
        isStopping.store(true, ordering: .relaxed)
        shutdown(listener, Int32(SHUT_RDWR))
        // Closed after `accept` has come back, which otherwise might wait at the next owner of the same descriptor.
        threads.wait()
        close(listener)
    }

    private func accept(server: Int, faults: [WireFault]) {
        var number = 0
        while !isStopping.load(ordering: .relaxed) {
            let client = wsplan_accept4(listener, Int32(SOCK_CLOEXEC.rawValue))
            guard client >= 0 else { continue }
            let fault = faults[number % faults.count]
            number += 1
            DispatchQueue(label: "fault proxy connection").async(group: threads) { [self] in
                relay(client, server: server, fault)
            }
        }
    }

    private func relay(_ client: Int32, server: Int, _ fault: WireFault) {
        defer { close(client) }
        guard let upstream = try? LoopbackSocket.make() else { return }
        defer { close(upstream) }
        guard LoopbackSocket.connect(upstream, to: server) == 0 else { return }
        var relay = WireRelay(client: client, server: upstream, fault)
        relay.run { isStopping.load(ordering: .relaxed) }
        if relay.hasStruck { struckCount.add(1, ordering: .relaxed) }
    }
}
