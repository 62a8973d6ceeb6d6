import Glibc
import WebSocketCodec

// What sockets have to say.
extension EventLoop {
    /// Frames told of one connection before it is the others' turn: a peer that floods is read as fast as the plan keeps
    /// up, and holds nobody up for longer than this takes.
    static let eventsPerTurn = 256
    /// So many bytes of a message count for one frame more: a few received bytes may inflate to a megabyte.
    private static let bytesPerEvent = 64 << 10

    /// One event of epoll. A stale one, of a connection that ended since the wait, finds nobody.
    func handle(_ readiness: UInt32, of id: ConnectionID, client: any LoopClient) {
        guard let connection = connections[id] else { return }
        if connection.pointee.phase == .connecting {
            refreshClock()
            finishConnecting(connection, readiness)
            return
        }
        var readiness = readiness
        if connection.pointee.tls != nil { readiness = securedReadiness(connection, readiness) }
        if readiness & Poller.writable != 0 {
            refreshClock()
            connection.pointee.isBlocked = false
            flush(connection)
            updateInterest(connection)
        }
        guard readiness & (Poller.readable | Poller.failed) != 0 else { return }
        switch connection.pointee.phase {
        case .open, .closing, .closed:
            // What came first is dealt with first, in a turn of its own.
            if !hasLeftover(connection) { receive(connection, client: client) }
        case .upgrading, .rejected:
            if hasLeftover(connection) { break }
            if connection.pointee.role == .client {
                receiveResponse(connection, client: client)
            } else {
                receiveRequest(connection, client: client)
            }
        case .tunnelling: receiveTunnelAnswer(connection)
        case .draining: discard(connection)
        case .resolving, .connecting, .securing, .ended, .vacant: break
        }
    }

    /// Bytes received into the buffer of the loop, with the results of ``Socket/receive(_:into:)``, and counted.
    @inline(__always)
    func receive(_ connection: UnsafeMutablePointer<Connection>) -> Int {
        if connection.pointee.tls != nil { return receiveSecurely(connection) }
        let count = Socket.receive(connection.pointee.descriptor, into: receiveBuffer)
        if count > 0 { traffic(of: connection).pointee.bytesReceived += UInt64(count) }
        return count
    }

    func receive(_ connection: UnsafeMutablePointer<Connection>, client: any LoopClient) {
        let count = receive(connection)
        readClock()
        counts.receives += 1
        if count > 0 {
            take(
                UnsafeMutableRawBufferPointer(rebasing: receiveBuffer[..<count]), connection, client: client)
        } else if count != -Int(EAGAIN) {
            inputEnded(connection, errno: Int32(-count))
        }
        if connection.pointee.tls != nil { receivedSecurely(connection) }
    }

    /// Tells the frames in what has just been received. What is more than one turn's work is kept for the next.
    func take(
        _ received: UnsafeMutableRawBufferPointer, _ connection: UnsafeMutablePointer<Connection>,
        client: any LoopClient
    ) {
        let receivedAt = nowNanoseconds
        let count = decode(received, connection, client: client, receivedAtNanoseconds: receivedAt)
        guard count < received.count else { return }
        connection.pointee.pendingInput.append(UnsafeRawBufferPointer(rebasing: received[count...]))
        connection.pointee.pendingSinceNanoseconds = receivedAt
        resumptions.append(connection.pointee.id)
    }

    /// Goes on with what was left of an earlier turn.
    func resume(_ id: ConnectionID, client: any LoopClient) {
        guard let connection = connections[id], connection.pointee.phase.rawValue <= Connection.Phase.closed.rawValue,
            !isPaused(connection)
        else { return }
        guard !connection.pointee.pendingInput.isEmpty else { return resumeReceiving(connection, client: client) }
        readClock()
        // The memory is the connection's own, and a server's decoder unmasks in place.
        let bytes = UnsafeMutableRawBufferPointer(mutating: connection.pointee.pendingInput.readableBytes)
        let receivedAt = connection.pointee.pendingSinceNanoseconds
        let count = decode(bytes, connection, client: client, receivedAtNanoseconds: receivedAt)
        if count < bytes.count {
            connection.pointee.pendingInput.consume(count)
            resumptions.append(id)
        } else {
            connection.pointee.pendingInput.release()
            if connection.pointee.tls != nil { receivedSecurely(connection) }
        }
    }

    /// Whether there is input that no event of the socket tells of. The connection is in the list of resumptions then.
    private func hasLeftover(_ connection: UnsafeMutablePointer<Connection>) -> Bool {
        if !connection.pointee.pendingInput.isEmpty { return true }
        return connection.pointee.tls != nil && connection.pointee.tls?.value.hasUntoldInput == true
    }

    /// Takes the frames out of what was received and tells them, until the bytes, the turn, or the connection are at an
    /// end. Gives how many bytes are done with.
    private func decode(
        _ received: UnsafeMutableRawBufferPointer, _ connection: UnsafeMutablePointer<Connection>,
        client: any LoopClient, receivedAtNanoseconds: Int64
    ) -> Int {
        let count = decodeTurn(received, connection, client: client, receivedAtNanoseconds: receivedAtNanoseconds)
        if connection.pointee.hasLatePong {
            judgeLatePong(connection, bytesRead: count)
        }
        return count
    }

    private func decodeTurn(
        _ received: UnsafeMutableRawBufferPointer, _ connection: UnsafeMutablePointer<Connection>,
        client: any LoopClient, receivedAtNanoseconds receivedAt: Int64
    ) -> Int {
        var events = 0
        defer { state.pointee.eventsSinceTimers += events }
        let id = connection.pointee.id
        let context = connection.pointee.context
        var position = 0
        do throws(ProtocolViolation) {
            while let event = try connection.pointee.decoder.next(in: received, at: &position) {
                if state.pointee.watcher != nil { tellWatcher(of: event, context: context) }
                switch event {
                case .text(let payload):
                    traffic(of: connection).pointee.payloadBytesReceived += UInt64(payload.count)
                    traffic(of: connection).pointee.messagesReceived += 1
                    events += payload.count / Self.bytesPerEvent
                    client.message(
                        on: self, connection: id, context: context, kind: .text, payload: payload.bytes,
                        receivedAtNanoseconds: receivedAt)
                case .binary(let payload):
                    traffic(of: connection).pointee.payloadBytesReceived += UInt64(payload.count)
                    traffic(of: connection).pointee.messagesReceived += 1
                    events += payload.count / Self.bytesPerEvent
                    client.message(
                        on: self, connection: id, context: context, kind: .binary, payload: payload.bytes,
                        receivedAtNanoseconds: receivedAt)
                case .ping(let payload):
                    answerPing(payload, connection)
                    client.ping(
                        on: self, connection: id, context: context, payload: payload.bytes,
                        receivedAtNanoseconds: receivedAt)
                case .pong(let payload):
                    pongArrived(payload, connection, client: client, receivedAtNanoseconds: receivedAt)
                case .close(let code, let reason):
                    let frame = ConnectionEnd.CloseFrame(code: code, reason: String(decoding: reason, as: UTF8.self))
                    closeArrived(frame, connection, client: client, receivedAtNanoseconds: receivedAt)
                }
                // The client may have given the connection up.
                guard connection.pointee.phase.rawValue <= Connection.Phase.closed.rawValue else {
                    return received.count
                }
                events += 1
                if events >= Self.eventsPerTurn { return position }
            }
        } catch {
            violated(error, connection)
        }
        return received.count
    }

    private func pongArrived(
        _ payload: UnsafeRawBufferPointer, _ connection: UnsafeMutablePointer<Connection>, client: any LoopClient,
        receivedAtNanoseconds: Int64
    ) {
        if takeKeepalivePong(payload, connection) { return }
        var sent = connection.pointee.pings.answered(by: payload)
        // It waited for its turn here while that ping was sent, and is the answer to none.
        if let pinged = sent, pinged > receivedAtNanoseconds { sent = nil }
        if let sent { connection.pointee.keepalive?.value.answered(pingOfNanoseconds: sent) }
        client.pong(
            on: self, connection: connection.pointee.id, context: connection.pointee.context, payload: payload.bytes,
            pingSentAtNanoseconds: sent, receivedAtNanoseconds: receivedAtNanoseconds)
    }

    /// The peer has ended its side (`errno` 0), or the connection broke.
    private func inputEnded(_ connection: UnsafeMutablePointer<Connection>, errno code: Int32) {
        // RFC 6455 §7.1.4: with both Close frames exchanged the connection was closed cleanly, whatever TCP says.
        if connection.pointee.phase == .closed { return finish(connection, nil) }
        if let failure = connection.pointee.tls?.value.failure {
            finish(connection, ConnectionError(.tls, "TLS broke: \(failure)"))
            return
        }
        let code = code == 0 ? connection.pointee.writeError : code
        if code != 0 {
            finish(connection, ConnectionError(errno: code, whileDoing: "the connection broke"))
            return
        }
        var detail = "the peer ended the connection without a Close frame"
        if connection.pointee.decoder.isIncomplete { detail += ", in the middle of a message" }
        if connection.pointee.tls?.value.wasCutOff == true {
            detail += "; nor did TLS say that this is the end (close_notify): it may have been cut off"
        }
        finish(connection, ConnectionError(.abnormalClosure, detail))
    }

    /// Throws away what still arrives on a connection whose end was told.
    private func discard(_ connection: UnsafeMutablePointer<Connection>) {
        let count = Socket.receive(connection.pointee.descriptor, into: receiveBuffer)
        if count > 0 {
            traffic(of: connection).pointee.bytesReceived += UInt64(count)
        } else if count != -Int(EAGAIN) {
            finish(connection, nil)
        }
    }
}
