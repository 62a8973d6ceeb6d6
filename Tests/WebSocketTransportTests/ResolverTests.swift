import EchoServer
import Synchronization
import TestSupport
import Testing
import WebSocketCodec
import WebSocketTransport

@Suite(.timeLimit(.minutes(1)))
struct ResolverTests {
    @Test func aNameIsLookedUpOnceAndItsAddressesAreTriedInOrder() async throws {
        let server = try EchoServer()
        defer { server.stop() }
        let lookUps = Mutex<[String]>([])
        let resolver = Resolver { name in
            lookUps.withLock { $0.append(name) }
            // Nobody listens at the first: the server has another address of the loopback network.
            return .success(["127.0.0.2", "127.0.0.1"].compactMap { SocketAddress(literal: $0, port: 0) })
        }
        let request = try ConnectRequest(url: try WebSocketURL("ws://name.test:\(server.port)/"))
        // Twice two at the same time: the first two share a lookup, the others find its answer.
        for _ in 0..<2 {
            async let first = record(request, resolver: resolver) { loop, connection, _ in loop.close(connection) }
            async let second = record(request, resolver: resolver) { loop, connection, _ in loop.close(connection) }
            let events = try await [first.events, second.events]
            #expect(
                events == [
                    [.opened(), .closed(sent: 1000, received: 1000)], [.opened(), .closed(sent: 1000, received: 1000)],
                ])
        }
        #expect(lookUps.withLock { $0 } == ["name.test"])
    }

    @Test func theLastAddressSaysWhyAllFailed() async throws {
        let resolver = Resolver { _ in
            .success(["127.0.0.2", "127.0.0.1"].compactMap { SocketAddress(literal: $0, port: 0) })
        }
        let reserved = try ReservedPort()
        let (events, detail) = try await record(
            try ConnectRequest(url: try WebSocketURL("ws://name.test:\(reserved.number)/")), resolver: resolver)
        #expect(events == [.failed(.refused)])
        #expect(detail == "cannot connect to 127.0.0.1:\(reserved.number): Connection refused")
    }

    @Test func addressesAreWrittenAsInURLs() throws {
        #expect(SocketAddress(literal: "127.0.0.1", port: 80)?.description == "127.0.0.1:80")
        #expect(SocketAddress(literal: "::1", port: 443)?.description == "[::1]:443")
        #expect(SocketAddress(unixPath: "/run/server.sock")?.description == "/run/server.sock")
        #expect(SocketAddress(literal: "localhost", port: 80) == nil)
        #expect(SocketAddress(unixPath: String(repeating: "x", count: 108)) == nil)
    }
}
