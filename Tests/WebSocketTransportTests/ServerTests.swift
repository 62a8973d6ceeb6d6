import EchoServer
import Glibc
import Testing
import WebSocketCodec

/// Clients that misbehave, with plain sockets.
@Suite(.timeLimit(.minutes(1)))
struct ServerTests {
    private static let request =
        "GET /any?path HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

    @Test func whatIsNoHandshakeIsTurnedDown() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let client = PeerSocket(connectedTo: server.port)
        defer { close(client.descriptor) }
        client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(client.readHead().hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
    }

    @Test func aClientThatDoesNotReadIsNotReadFrom() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let client = PeerSocket(connectedTo: server.port)
        defer { close(client.descriptor) }
        client.write(Self.request)
        let head = client.readHead()
        #expect(head.hasPrefix("HTTP/1.1 101 "))

        var encoder = FrameEncoder(role: .client)
        var frame = ByteBuffer()
        encoder.append(.binary, [UInt8](repeating: 7, count: 60_000).span.bytes, to: &frame)
        let message = Array(frame.readableBytes)
        let limit = 64 << 20
        var sent = 0
        _ = fcntl(client.descriptor, F_SETFL, O_NONBLOCK)
        while sent < limit, client.waitUntil(POLLOUT, milliseconds: 500) {
            let offset = sent % message.count
            let count = message[offset...].withUnsafeBytes {
                send(client.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            sent += max(0, count)
        }
        #expect(sent < limit, "the server takes what it cannot send back")

        // All whole messages come back once the client reads: in four bytes less each, for want of a mask.
        let expected = sent / message.count * (message.count - 4)
        var received = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while received < expected, client.waitUntil(POLLIN, milliseconds: 5_000) {
            received += max(0, recv(client.descriptor, &buffer, buffer.count, 0))
        }
        #expect(received == expected)
    }

    @Test func pingsAreAnsweredWithinBoundsAndTheLastOneAlways() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let client = PeerSocket(connectedTo: server.port, receiveBufferSize: 4_096)
        defer { close(client.descriptor) }
        client.write(Self.request)
        _ = client.readHead()

        let pings = 100_000
        var encoder = FrameEncoder(role: .client)
        var frames = ByteBuffer()
        for number in 0..<pings {
            var payload = [UInt8](repeating: 0, count: 125)
            withUnsafeBytes(of: UInt32(number).bigEndian) { payload.replaceSubrange(0..<4, with: $0) }
            encoder.append(.ping, payload.span.bytes, to: &frames)
        }
        client.write(Array(frames.readableBytes))
        var pongs = 0
        var last: [UInt8] = []
        let wanted = withUnsafeBytes(of: UInt32(pings - 1).bigEndian) { Array($0) }
        while last != wanted, let frame = client.read(127) {
            #expect(frame[0] == 0x8A)
            pongs += 1
            last = Array(frame[2..<6])
        }
        #expect(last == wanted)
        #expect(pongs < pings)
    }
}
