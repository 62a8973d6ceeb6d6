import Glibc
import TestSupport
import Testing
import WebSocketCodec
import WebSocketTransport

/// However a connection ends, its descriptor is given back: by the loop, and not by the end of the loop.
@Suite(.timeLimit(.minutes(1)))
struct DescriptorTests {
    private static let rounds = 20

    // In a process of its own, whose descriptors no other test opens or closes.
    @Test func noneIsLostInAnyPhase() async {
        await #expect(processExitsWith: .success) {
            let (stream, continuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
            let loop = try EventLoop(label: "test")
            loop.client = Recorder(continuation) { loop, connection, event in
                switch event {
                case .text("close"): loop.close(connection)
                case .text("abort"): loop.abort(connection)
                default: break
                }
            }
            loop.start()
            var events = stream.makeAsyncIterator()
            /// Connects, and waits for the end.
            func connect(_ request: ConnectRequest) async {
                loop.enqueue { _ = $0.connect(request, context: 1) }
                while let (event, _) = await events.next() {
                    switch event {
                    case .failed, .closed: return
                    default: break
                    }
                }
            }

            let reserved = try ReservedPort()
            let full = try FullPort()
            var configuration = TLSConfiguration()
            configuration.verifiesServer = false
            let tls: TLSContext? = try TLSContext(configuration)
            await connect(try request(port: UInt16(reserved.number)))
            let before = Self.openDescriptors
            for round in 0..<Self.rounds {
                await connect(try request(port: UInt16(reserved.number)))
                await connect(try request(port: UInt16(full.number), connectTimeoutSeconds: 0.001))
                // The delay between two addresses is in it, and so less often.
                if round < 3 {
                    try await Self.connectByOtherWays(connect, full, refused: UInt16(reserved.number))
                }
                for (script, tls) in Self.scripts.map({ ($0, nil) }) + Self.securedScripts.map({ ($0, tls) }) {
                    let peer = FakePeer(script)
                    let keepalive = Keepalive(intervalNanoseconds: 10_000_000, timeoutNanoseconds: 10_000_000)
                    await connect(
                        try request(
                            port: peer.port, connectTimeoutSeconds: 0.02, closeTimeoutSeconds: 0.01,
                            maximumMessageSize: 16, keepalive: keepalive, tls: tls))
                    peer.stop()
                }
                // Cut off by its owner, who hears nothing of it.
                let silent = FakePeer { $0.readToEnd() }
                let request = try request(port: silent.port)
                loop.enqueue { $0.abort($0.connect(request, context: 1)) }
                loop.enqueue { _ in continuation.yield((.failed(.dns), "")) }
                _ = await events.next()
                PeerSocket(connectedTo: silent.port).closeAtOnce()
                silent.stop()
            }
            // A connection that has failed may wait for its peer to read why.
            let end = MonotonicClock.nowNanoseconds + 10_000_000_000
            while Self.openDescriptors != before, MonotonicClock.nowNanoseconds < end { usleep(10_000) }
            let after = Self.openDescriptors
            #expect(
                after == before,
                """
                not given back: \(after.subtracting(before).sorted()), \
                closed unasked: \(before.subtracting(after).sorted())
                """)
            loop.shutdown()
            full.stop()
        }
    }

    /// Several addresses at once, of which one, none, or the last answers; and proxies that do not tunnel.
    private static func connectByOtherWays(
        _ connect: (ConnectRequest) async -> Void, _ full: FullPort, refused: UInt16
    ) async throws {
        let peer = FakePeer { $0.open() }
        for ports in [[UInt16(full.number), peer.port], [UInt16(full.number), refused, UInt16(full.number)]] {
            var route = ConnectRoute()
            try route.overrides.add("name.test", try ports.map { try .init("127.0.0.1:\($0)") })
            var limits = ConnectRequest.Limits()
            limits.connectTimeoutNanoseconds = 270_000_000
            await connect(
                try ConnectRequest(url: try WebSocketURL("ws://name.test/"), limits: limits, route: route))
        }
        peer.stop()
        for answer in ["", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 407 No\r\n\r\n", "HTTP/1.1 2"] {
            let proxy = FakePeer { socket in
                _ = socket.readHead()
                socket.write(answer)
            }
            var route = ConnectRoute()
            route.proxy = try ProxyURL("http://127.0.0.1:\(proxy.port)")
            await connect(try ConnectRequest(url: try WebSocketURL("ws://name.test/"), route: route))
            proxy.stop()
        }
    }

    /// One for each phase in which a connection can end.
    private static let scripts: [@Sendable (PeerSocket) -> Void] = [
        { $0.resetOnClose() },
        { $0.readToEnd() },
        { _ = $0.readHead() },
        {
            _ = $0.readHead()
            $0.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
        },
        {
            _ = $0.readHead()
            $0.write($0.acceptance(of: ""))
            $0.readToEnd()
        },
        { $0.open() },
        {
            $0.open()
            $0.resetOnClose()
        },
        {
            $0.open()
            $0.write([0x83, 0])
            $0.readToEnd()
        },
        {
            $0.open()
            $0.write([0x82, 17])
        },
        {
            // No pong.
            $0.open()
            $0.readToEnd()
        },
        {
            // No answer to the Close frame.
            $0.open()
            $0.writeFrame(0x81, Array("close".utf8))
            $0.readToEnd()
        },
        {
            $0.open()
            $0.writeFrame(0x81, Array("abort".utf8))
            $0.readToEnd()
        },
        {
            $0.open()
            $0.write([0x88, 0])
            $0.readToEnd()
        },
    ]

    /// The same for the phases of a connection with TLS.
    private static let securedScripts: [@Sendable (PeerSocket) -> Void] =
        [
            { $0.resetOnClose() },
            { $0.readToEnd() },
            { $0.write("HTTP/1.1 400 Bad Request\r\n\r\n") },
            // The beginning of a record.
            {
                $0.write([0x16, 3, 3])
                $0.readToEnd()
            },
            { $0.secure() },
        ]
        + scripts.map { script in
            let secured: @Sendable (PeerSocket) -> Void = {
                $0.secure()
                script($0)
            }
            return secured
        }

    /// What is open: numbers with what the kernel calls them, such as "7 socket:[4711]".
    private static var openDescriptors: Set<String> {
        guard let folder = opendir("/proc/self/fd") else { preconditionFailure("no list of open descriptors") }
        defer { closedir(folder) }
        var open: Set<String> = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            // Neither "." nor "..", nor what lists them.
            guard let number = Int32(name), number != dirfd(folder) else { continue }
            var target = [CChar](repeating: 0, count: 256)
            let count = max(0, readlink("/proc/self/fd/\(name)", &target, target.count))
            let bytes = target.prefix(count).map(UInt8.init(bitPattern:))
            open.insert("\(name) \(String(decoding: bytes, as: UTF8.self))")
        }
        return open
    }
}

extension PeerSocket {
    fileprivate func closeAtOnce() { close(descriptor) }
}
