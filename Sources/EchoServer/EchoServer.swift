import Glibc
import WebSocketCodec
package import WebSocketTransport

/// A WebSocket server that sends every message back as it came, on an event loop of its own: for trying a plan without a
/// server, and for tests.
///
/// It takes any path, selects the first subprotocol that is offered, and turns down what is no opening handshake with
/// 426. A client that does not read what it gets is not read from either.
package final class EchoServer: Sendable {
    /// `ws://127.0.0.1:49152/`
    package let url: String
    package let port: UInt16

    private let loop: EventLoop

    /// Listens at a literal address, by default one that only this machine can reach. Port 0 stands for a free one.
    package init(host: String = "127.0.0.1", port: UInt16 = 0) throws(SystemCallError) {
        guard let address = SocketAddress(literal: host, port: port) else {
            throw SystemCallError(call: "listen at '\(host)'", errno: EINVAL)
        }
        loop = try EventLoop(label: "wsplan.echo-server")
        loop.client = Echo()
        do throws(SystemCallError) {
            let bound = try loop.listen(at: address)
            self.port = bound.port
            url = "ws://\(bound)/"
        } catch {
            loop.shutdown()
            throw error
        }
        loop.start()
    }

    /// Ends every connection and closes every descriptor. Blocks until that is done.
    package func stop() {
        loop.shutdown()
    }
}

/// What the server does with each connection.
private final class Echo: LoopClient {
    func accept(on loop: EventLoop, connection: ConnectionID, request: ReceivedHandshake) -> Acceptance {
        Acceptance(subprotocol: request.subprotocols.first)
    }

    func message(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
        receivedAtNanoseconds: Int64
    ) {
        loop.send(kind, payload, on: connection)
    }
}
