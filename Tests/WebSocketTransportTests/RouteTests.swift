import EchoServer
import Glibc
import Synchronization
import TestSupport
import Testing
import WebSocketCodec
import WebSocketTransport

/// Which of several addresses a connection is made to, and from which.
@Suite(.timeLimit(.minutes(1)))
struct RouteTests {
    private static let opensAndCloses: [LoopEvent] = [.opened(), .closed(sent: 1000, received: 1000)]

    /// A request to a name that is at these ports of 127.0.0.1.
    private static func request(
        ports: [UInt16], timeoutSeconds: Double = 10, local: [String] = []
    ) throws -> ConnectRequest {
        var route = ConnectRoute()
        try route.overrides.add("name.test", try ports.map { try .init("127.0.0.1:\($0)") })
        if !local.isEmpty { route.localAddresses = LocalAddressPool(try local.map { try AddressRange($0) }) }
        var limits = ConnectRequest.Limits()
        limits.connectTimeoutNanoseconds = Int64(timeoutSeconds * 1e9)
        return try ConnectRequest(url: try WebSocketURL("ws://name.test/"), limits: limits, route: route)
    }

    /// A peer that opens and answers a Close frame.
    private static func peer() -> FakePeer {
        FakePeer { socket in
            socket.open()
            guard let frame = socket.readFrame() else { return }
            socket.writeFrame(0x88, frame.payload)
        }
    }

    @Test func anAddressThatTakesItsTimeIsNotWaitedFor() async throws {
        let full = try FullPort()
        let peer = Self.peer()
        let request = try Self.request(ports: [UInt16(full.number), peer.port])
        let (events, _) = try await record(request) { loop, connection, event in
            if case .opened = event { loop.close(connection) }
        }
        #expect(events == Self.opensAndCloses)
        peer.stop()
        full.stop()
    }

    /// What is refused is not waited for at all, and leaves the one before it on its way.
    @Test func theLastOfManyAddressesAnswers() async throws {
        let full = try FullPort()
        let reserved = try ReservedPort()
        let peer = Self.peer()
        let refused = UInt16(reserved.number)
        let request = try Self.request(ports: [refused, UInt16(full.number), refused, refused, peer.port])
        let (events, _) = try await record(request) { loop, connection, event in
            if case .opened = event { loop.close(connection) }
        }
        #expect(events == Self.opensAndCloses)
        peer.stop()
        full.stop()
    }

    @Test func withoutAnAnswerTheTimeIsOver() async throws {
        let full = try FullPort()
        let port = UInt16(full.number)
        let (events, detail) = try await record(try Self.request(ports: [port, port], timeoutSeconds: 0.4))
        #expect(events == [.failed(.timeout)])
        #expect(detail == "no TCP connection to 127.0.0.1:\(port) within 400ms")
        full.stop()
    }

    @Test(.enabled(if: LoopbackSocket.hasIPv6, "the loopback interface has no ::1"))
    func anIPv6LiteralIsConnectedTo() async throws {
        let server = try EchoServer(host: "::1")
        defer { server.stop() }
        let request = try ConnectRequest(url: try WebSocketURL("ws://[::1]:\(server.port)/"))
        let (events, _) = try await record(request) { loop, connection, event in
            if case .opened = event { loop.close(connection) }
        }
        #expect(events == Self.opensAndCloses)
    }

    @Test(.enabled(if: LoopbackSocket.hasIPv6, "the loopback interface has no ::1"))
    func theOtherFamilyIsTriedWhereOneRefuses() async throws {
        let gone = try EchoServer(host: "::1")
        gone.stop()
        let server = try EchoServer()
        defer { server.stop() }
        var route = ConnectRoute()
        try route.overrides.add(
            "name.test", [.init("[::1]:\(gone.port)"), .init("127.0.0.1:\(server.port)")])
        let request = try ConnectRequest(url: try WebSocketURL("ws://name.test/"), route: route)
        let (events, _) = try await record(request) { loop, connection, event in
            if case .opened = event { loop.close(connection) }
        }
        #expect(events == Self.opensAndCloses)
    }

    @Test func familiesTakeTurns() throws {
        let addresses = ["::1", "::2", "::3", "10.0.0.1", "10.0.0.2"].compactMap { SocketAddress(literal: $0, port: 1) }
        #expect(
            addresses.withFamiliesTakingTurns.map(\.description)
                == ["[::1]:1", "10.0.0.1:1", "[::2]:1", "10.0.0.2:1", "[::3]:1"])
    }

    /// What multiplies the ports: one of a local address is taken for each remote one anew.
    @Test func theLocalPortIsTakenWhenItIsKnownWhereTo() async throws {
        let peer = Self.peer()
        let request = try Self.request(ports: [peer.port], local: ["127.0.0.77"])
        let (events, _) = try await record(request) { loop, connection, event in
            guard case .opened = event else { return }
            loop.close(connection, code: Self.isBoundWithoutPort(at: "127.0.0.77") ? .normal : .goingAway)
        }
        #expect(events == Self.opensAndCloses)
        peer.stop()
    }

    /// Whether the socket of this process that goes out from an address was bound with IP_BIND_ADDRESS_NO_PORT of ip(7).
    private static func isBoundWithoutPort(at address: String) -> Bool {
        for descriptor in 0..<min(getdtablesize(), 1 << 16) {
            var own = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutableBytes(of: &own) {
                getsockname(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
            }
            guard result == 0, Int32(own.sin_family) == AF_INET, own.sin_addr.s_addr == inet_addr(address) else {
                continue
            }
            var option: Int32 = 0
            length = socklen_t(MemoryLayout<Int32>.size)
            return getsockopt(descriptor, Int32(IPPROTO_IP), 24, &option, &length) == 0 && option == 1
        }
        return false
    }

    @Test func localAddressesTakeTurnsByFamily() throws {
        let pool = LocalAddressPool(try ["10.0.0.0/30", "::1", "10.0.1.1"].map { try AddressRange($0) })
        let four = (0..<4).map { pool.address(family: AF_INET, turn: $0)?.description }
        #expect(four == ["10.0.0.1:0", "10.0.0.2:0", "10.0.1.1:0", "10.0.0.1:0"])
        #expect(pool.address(family: AF_INET6, turn: 7)?.description == "[::1]:0")
        #expect(pool.address(family: AF_UNIX, turn: 0) == nil)
    }
}
