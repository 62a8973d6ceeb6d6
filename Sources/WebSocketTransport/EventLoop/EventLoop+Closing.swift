import Glibc
import Quantities
package import WebSocketCodec

// The closing handshake (RFC 6455 §7), and every other end.
extension EventLoop {
    /// How long a client waits, after both Close frames, for the server to end the TCP connection (RFC 6455 §7.1.1).
    private static let tcpEndPatienceNanoseconds: Int64 = 1_000_000_000

    /// Begins the closing handshake: nothing can be sent after it. Without a `code` the frame is empty. False where the
    /// connection is not open or is closing already, and for a code that is never sent.
    @discardableResult
    package func close(_ id: ConnectionID, code: CloseCode? = .normal, reason: String = "") -> Bool {
        preconditionOnLoop()
        guard let connection = connections[id], connection.pointee.phase == .open, code?.isAllowedOnWire ?? true
        else { return false }
        encodeClose(ConnectionEnd.CloseFrame(code: code, reason: reason), connection)
        connection.pointee.phase = .closing
        let patience = connection.pointee.closeTimeoutNanoseconds
        setTimer(of: connection, dueNanoseconds: MonotonicClock.nowNanoseconds.addingSaturated(patience))
        queued(connection)
        return true
    }

    /// Ends a connection at once. For one that was open ``LoopClient/closed(on:connection:context:end:)`` follows, with
    /// `abnormal_closure` unless both Close frames were exchanged before; of one that was still opening nothing more is
    /// heard.
    package func abort(_ id: ConnectionID) {
        preconditionOnLoop()
        guard let connection = connections[id] else { return }
        if !connection.pointee.wasOpened { connection.pointee.isReported = true }
        let isClean = connection.pointee.phase == .closed
        finish(
            connection,
            isClean ? nil : ConnectionError(.abnormalClosure, "the connection was cut off on this side"))
    }

    /// The peer's Close frame is here.
    func closeArrived(
        _ frame: ConnectionEnd.CloseFrame, _ connection: UnsafeMutablePointer<Connection>,
        client: any LoopClient, receivedAtNanoseconds: Int64
    ) {
        connection.pointee.end.received = frame
        let startedByPeer = connection.pointee.phase == .open
        if startedByPeer {
            connection.pointee.end.startedByPeer = true
            encodeClose(ConnectionEnd.CloseFrame(code: frame.code), connection)
        }
        connection.pointee.phase = .closed
        let patience =
            connection.pointee.role == .client
            ? min(Self.tcpEndPatienceNanoseconds, connection.pointee.closeTimeoutNanoseconds)
            : connection.pointee.closeTimeoutNanoseconds
        setTimer(of: connection, dueNanoseconds: nowNanoseconds.addingSaturated(patience))
        // Even with nothing new to write: a server ends the TCP connection once its output is on its way.
        queued(connection)
        if startedByPeer {
            client.closeReceived(
                on: self, connection: connection.pointee.id, context: connection.pointee.context, frame: frame,
                receivedAtNanoseconds: receivedAtNanoseconds)
        }
    }

    /// The peer broke the protocol: what the client said before goes out, then our Close frame says why, and the
    /// connection has failed (RFC 6455 §7.1.7).
    func violated(_ violation: ProtocolViolation, _ connection: UnsafeMutablePointer<Connection>) {
        if connection.pointee.phase == .open {
            encodeClose(
                ConnectionEnd.CloseFrame(code: violation.closeCode, reason: violation.reason), connection)
        }
        let kind: ConnectionError.Kind
        switch violation.kind {
        case .framing: kind = .protocol
        case .invalidUTF8: kind = .utf8
        case .tooBig: kind = .tooBig
        }
        connection.pointee.end.error = ConnectionError(kind, violation.reason)
        drain(connection)
    }

    /// Has the end told, and keeps the socket until the peer has read our last bytes.
    func drain(_ connection: UnsafeMutablePointer<Connection>) {
        connection.pointee.phase = .draining
        setTimer(
            of: connection, dueNanoseconds: nowNanoseconds.addingSaturated(Self.tcpEndPatienceNanoseconds))
        flush(connection)
        updateInterest(connection)
        endings.append(connection.pointee.id)
    }

    /// All output of a connection is written, or cannot be written any more.
    func outputDrained(_ connection: UnsafeMutablePointer<Connection>) {
        switch (connection.pointee.phase, connection.pointee.role) {
        case (.closed, .server): finish(connection, nil)
        case (.closed, .client): finishSendingSecurely(connection)
        case (.draining, _): finishSending(connection)
        default: break
        }
    }

    /// The timer of a connection has fired.
    func phaseTimedOut(_ id: ConnectionID) {
        guard let connection = connections[id] else { return }
        connection.pointee.timer = .none
        switch connection.pointee.phase {
        case .resolving, .connecting, .tunnelling, .securing, .upgrading, .rejected: openingTimedOut(connection)
        case .closing:
            let limit = DurationText.text(ofNanoseconds: connection.pointee.closeTimeoutNanoseconds)
            finish(connection, ConnectionError(.closeTimeout, "no answer to our Close frame within \(limit)"))
        case .closed, .draining: finish(connection, nil)
        case .open: keepaliveDue(connection)
        case .ended, .vacant: break
        }
    }

    /// Ends a connection: from here on it does nothing, and at the end of this turn it is told and given up.
    func finish(_ connection: UnsafeMutablePointer<Connection>, _ error: ConnectionError?) {
        guard connection.pointee.phase != .ended else { return }
        if !connection.pointee.isReported { connection.pointee.end.error = connection.pointee.end.error ?? error }
        connection.pointee.phase = .ended
        cancelTimer(of: connection)
        endings.append(connection.pointee.id)
    }

    /// Tells the client about an end, once, and gives up what has ended.
    func tell(_ id: ConnectionID, _ client: any LoopClient) {
        guard let connection = connections[id] else { return }
        let isReported = connection.pointee.isReported
        let context = connection.pointee.context
        let wasOpened = connection.pointee.wasOpened
        let opening = connection.pointee.opening
        let end = connection.pointee.end
        connection.pointee.isReported = true
        if connection.pointee.phase == .ended { giveUp(id) }
        guard !isReported else { return }
        if wasOpened {
            client.closed(on: self, connection: id, context: context, end: end)
        } else if let opening, let error = opening.failure {
            client.failed(on: self, connection: id, context: context, error: error, response: opening.response)
        }
    }

    /// Frees everything that a connection has.
    func giveUp(_ id: ConnectionID) {
        guard let connection = connections[id] else { return }
        cancelTimer(of: connection)
        if let opening = connection.pointee.opening { closeAttempts(of: opening) }
        closeDescriptor(connection)
        connections.remove(id)
    }

    func closeDescriptor(_ connection: UnsafeMutablePointer<Connection>) {
        guard connection.pointee.descriptor >= 0 else { return }
        if connection.pointee.tls != nil { endSecurity(connection) }
        // That takes it out of the epoll set as well, and a stale event would find nobody.
        Glibc.close(connection.pointee.descriptor)
        connection.pointee.descriptor = -1
    }

    // MARK: The timer of a connection

    func setTimer(of connection: UnsafeMutablePointer<Connection>, dueNanoseconds: Int64) {
        cancelTimer(of: connection)
        connection.pointee.timer = timers.arm(
            dueNanoseconds: dueNanoseconds, owner: .connection, context: connection.pointee.id.rawValue)
    }

    func cancelTimer(of connection: UnsafeMutablePointer<Connection>) {
        timers.cancel(connection.pointee.timer)
        connection.pointee.timer = .none
    }
}
