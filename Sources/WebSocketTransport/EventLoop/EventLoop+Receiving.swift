import Glibc
import WebSocketCodec

// What sockets have to say.
extension EventLoop {
    /// One event of epoll. A stale one, of a connection that ended since the wait, finds nobody.
    func handle(_ readiness: UInt32, of id: ConnectionID, client: any LoopClient) {
        guard let connection = connections[id] else { return }
        if connection.pointee.phase == .connecting {
            finishConnecting(connection)
            return
        }
        if readiness & Poller.writable != 0 {
            connection.pointee.isBlocked = false
            flush(connection)
            updateInterest(connection)
        }
        guard readiness & (Poller.readable | Poller.failed) != 0 else { return }
        switch connection.pointee.phase {
        case .open, .closing, .closed: receive(connection, client: client)
        case .upgrading, .rejected:
            if connection.pointee.role == .client {
                receiveResponse(connection, client: client)
            } else {
                receiveRequest(connection, client: client)
            }
        case .draining: discard(connection)
        case .resolving, .connecting, .ended, .vacant: break
        }
    }

    private func receive(_ connection: UnsafeMutablePointer<Connection>, client: any LoopClient) {
        let count = Socket.receive(connection.pointee.descriptor, into: receiveBuffer)
        nowNanoseconds = MonotonicClock.nowNanoseconds
        if count > 0 {
            traffic.bytesReceived += UInt64(count)
            decode(
                UnsafeMutableRawBufferPointer(rebasing: receiveBuffer[..<count]), connection, client: client)
        } else if count != -Int(EAGAIN) {
            inputEnded(connection, errno: Int32(-count))
        }
    }

    /// Takes the frames out of what was received and tells them, until the bytes, or the connection, are at an end.
    func decode(
        _ received: UnsafeMutableRawBufferPointer, _ connection: UnsafeMutablePointer<Connection>,
        client: any LoopClient
    ) {
        let receivedAt = nowNanoseconds
        let id = connection.pointee.id
        let context = connection.pointee.context
        var position = 0
        do throws(ProtocolViolation) {
            while let event = try connection.pointee.decoder.next(in: received, at: &position) {
                switch event {
                case .text(let payload):
                    client.message(
                        on: self, connection: id, context: context, kind: .text, payload: payload.bytes,
                        receivedAtNanoseconds: receivedAt)
                case .binary(let payload):
                    client.message(
                        on: self, connection: id, context: context, kind: .binary, payload: payload.bytes,
                        receivedAtNanoseconds: receivedAt)
                case .ping(let payload):
                    answerPing(payload, connection)
                    client.ping(
                        on: self, connection: id, context: context, payload: payload.bytes,
                        receivedAtNanoseconds: receivedAt)
                case .pong(let payload):
                    client.pong(
                        on: self, connection: id, context: context, payload: payload.bytes,
                        receivedAtNanoseconds: receivedAt)
                case .close(let code, let reason):
                    let frame = ConnectionEnd.CloseFrame(code: code, reason: String(decoding: reason, as: UTF8.self))
                    closeArrived(frame, connection, client: client, receivedAtNanoseconds: receivedAt)
                }
                // The client may have given the connection up.
                guard connection.pointee.phase.rawValue <= Connection.Phase.closed.rawValue else { return }
            }
        } catch {
            violated(error, connection)
        }
    }

    /// The peer has ended its side (`errno` 0), or the connection broke.
    private func inputEnded(_ connection: UnsafeMutablePointer<Connection>, errno code: Int32) {
        // RFC 6455 §7.1.4: with both Close frames exchanged the connection was closed cleanly, whatever TCP says.
        if connection.pointee.phase == .closed { return finish(connection, nil) }
        let code = code == 0 ? connection.pointee.writeError : code
        if code != 0 {
            finish(connection, ConnectionError(errno: code, whileDoing: "the connection broke"))
            return
        }
        var detail = "the peer ended the connection without a Close frame"
        if connection.pointee.decoder.isIncomplete { detail += ", in the middle of a message" }
        finish(connection, ConnectionError(.abnormalClosure, detail))
    }

    /// Throws away what still arrives on a connection whose end was told.
    private func discard(_ connection: UnsafeMutablePointer<Connection>) {
        let count = Socket.receive(connection.pointee.descriptor, into: receiveBuffer)
        if count > 0 {
            traffic.bytesReceived += UInt64(count)
        } else if count != -Int(EAGAIN) {
            finish(connection, nil)
        }
    }
}
