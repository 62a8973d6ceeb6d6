import Quantities
import WebSocketCodec

// The pings of `Keepalive`: sent on open connections, and judged by their pongs alone.
extension EventLoop {
    /// Whose payload it is: 8 random bytes of the loop's, and the time of the ping combined with them.
    static let keepalivePayloadSize = 16

    /// Begins to ping a connection that has just opened, where it is to be.
    func startKeepalive(of connection: UnsafeMutablePointer<Connection>, _ keepalive: Keepalive?) {
        guard let keepalive else { return }
        let state = KeepaliveState(keepalive, openedNanoseconds: nowNanoseconds)
        connection.pointee.keepalive = Indirect(state)
        setTimer(of: connection, dueNanoseconds: state.dueNanoseconds)
    }

    /// The timer of an open connection has fired. A pong in time does not move it, which would cost more than looking
    /// once for nothing.
    func keepaliveDue(_ connection: UnsafeMutablePointer<Connection>) {
        guard var state = connection.pointee.keepalive?.value else { return }
        let now = nowNanoseconds
        if state.isOverdue(atNanoseconds: now) {
            // What has arrived is not missing: the fault would be this side's, which has not come to read it.
            state.unreadInTime =
                connection.pointee.pendingInput.count + Socket.unreadByteCount(of: connection.pointee.descriptor)
            if connection.pointee.tls?.value.hasUntoldInput == true { state.unreadInTime += 1 }
            connection.pointee.keepalive?.value = state
            if state.unreadInTime == 0 { pongMissing(connection, state.keepalive) }
            return
        }
        if now >= state.nextPingNanoseconds {
            if connection.pointee.isBlocked, state.isWaitingForPong {
                // The peer does not even take the ping that it has not answered: another in the queue is no question.
                state.skipPing(atNanoseconds: now)
            } else {
                state.pinged(atNanoseconds: now)
                sendKeepalivePing(connection)
            }
            connection.pointee.keepalive?.value = state
        }
        setTimer(of: connection, dueNanoseconds: state.dueNanoseconds)
    }

    private func sendKeepalivePing(_ connection: UnsafeMutablePointer<Connection>) {
        let salt = keepaliveSalt
        let payload: InlineArray<2, UInt64> = [salt, UInt64(bitPattern: nowNanoseconds) ^ salt]
        encodeControl(.ping, payload.span.bytes, connection)
        queued(connection)
    }

    /// Takes a pong in that answers a ping of the keepalive; false for any other.
    func takeKeepalivePong(
        _ payload: UnsafeRawBufferPointer, _ connection: UnsafeMutablePointer<Connection>
    ) -> Bool {
        guard payload.count == Self.keepalivePayloadSize, connection.pointee.keepalive != nil,
            payload.loadUnaligned(as: UInt64.self) == keepaliveSalt
        else { return false }
        let sent = Int64(bitPattern: payload.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ keepaliveSalt)
        connection.pointee.keepalive?.value.answered(pingOfNanoseconds: sent)
        connection.pointee.pings.forget(sentBeforeNanoseconds: sent)
        return true
    }

    /// So many more bytes of a connection with a late pong have been read, or all there are: with TLS fewer come out than
    /// the socket had.
    func judgeLatePong(_ connection: UnsafeMutablePointer<Connection>, bytesRead: Int, areAll: Bool = false) {
        guard connection.pointee.phase == .open, var state = connection.pointee.keepalive?.value else { return }
        state.unreadInTime = areAll ? 0 : max(0, state.unreadInTime - bytesRead)
        if !state.isOverdue(atNanoseconds: nowNanoseconds) {
            state.unreadInTime = 0
            setTimer(of: connection, dueNanoseconds: state.dueNanoseconds)
        } else if state.unreadInTime == 0 {
            pongMissing(connection, state.keepalive)
        }
        connection.pointee.keepalive?.value = state
    }

    /// The connection has failed. The peer may well be able to read why (it may have sent data all the time), and its
    /// operator wants to know: the Close frame says 1011, as other implementations with a keepalive do.
    private func pongMissing(_ connection: UnsafeMutablePointer<Connection>, _ keepalive: Keepalive) {
        let limit = DurationText.text(ofNanoseconds: keepalive.timeoutNanoseconds)
        let reason = "no pong within \(limit)"
        encodeClose(ConnectionEnd.CloseFrame(code: .internalError, reason: reason), connection)
        connection.pointee.end.error = ConnectionError(.timeout, "\(reason) of a ping of the keepalive")
        drain(connection)
    }
}
