import Glibc
import WebSocketCodec

// The tunnel through a proxy (RFC 9110 §9.3.6), from TCP to the proxy to a way to the target.
extension EventLoop {
    /// Asks the proxy for a tunnel.
    func beginTunnel(
        _ connection: UnsafeMutablePointer<Connection>, _ opening: Opening, _ request: TunnelRequest
    ) {
        connection.pointee.phase = .tunnelling
        opening.parser = HandshakeResponseParser(to: .tunnel)
        request.append(to: &connection.pointee.output)
        flush(connection)
        updateInterest(connection)
    }

    /// Takes in what has arrived of the proxy's answer.
    func receiveTunnelAnswer(_ connection: UnsafeMutablePointer<Connection>) {
        guard let opening = connection.pointee.opening else { preconditionFailure("no request to tunnel for") }
        let count = Socket.receive(connection.pointee.descriptor, into: receiveBuffer)
        readClock()
        guard count > 0 else {
            if count != -Int(EAGAIN) { tunnelEnded(connection, opening, errno: Int32(-count)) }
            return
        }
        traffic(of: connection).pointee.bytesReceived += UInt64(count)
        let received = UnsafeRawBufferPointer(rebasing: receiveBuffer[..<count])
        var position = 0
        let answer: HandshakeResponse?
        do throws(HandshakeError) {
            answer = try opening.parser.next(in: received, at: &position)
        } catch {
            fail(connection, ConnectionError(.handshake, "the proxy \(opening.address): \(error.reason)"))
            return
        }
        // A refusal is one as soon as its head is there: nobody reads its body.
        guard let answer = answer ?? (try? opening.parser.finish()) else { return }
        guard (200...299).contains(answer.status) else {
            let phrase = answer.reasonPhrase.isEmpty ? "" : " \(answer.reasonPhrase)"
            let words = "the proxy \(opening.address) answered \(answer.status)\(phrase) to CONNECT"
            fail(connection, ConnectionError(.unreachable, words))
            return
        }
        // In TLS and in HTTP it is the client who speaks first.
        guard position == count else {
            let words = "the proxy \(opening.address) sent something of its own behind its answer to CONNECT"
            fail(connection, ConnectionError(.handshake, words))
            return
        }
        opening.parser = HandshakeResponseParser()
        pathStands(connection, opening)
    }

    /// The connection ended (`errno` 0) or broke before the proxy's answer was complete.
    private func tunnelEnded(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening, errno code: Int32) {
        let code = code == 0 ? connection.pointee.writeError : code
        if code != 0 {
            let action = "the connection to the proxy \(opening.address) broke"
            fail(connection, ConnectionError(errno: code, whileDoing: action))
        } else {
            let how = opening.parser.isEmpty ? "before answering" : "in the middle of its answer"
            fail(
                connection,
                ConnectionError(.handshake, "the proxy \(opening.address) closed the connection \(how)"))
        }
    }
}
