import Glibc
import WebSocketCodec

// What goes out: queued during a pass, written once at the end of a connection's turn.
extension EventLoop {
    /// So much is queued before it is written without waiting for the end of the turn.
    private static let writeThreshold = 256 << 10
    /// A spare buffer larger than that is given back: one that holds what is written at once, and a message behind it.
    private static let keptCapacity = 512 << 10
    /// While more than that waits for a peer that does not read, pings are not answered one by one.
    private static let pongThreshold = 64 << 10
    /// While more than that waits for a client of ours, nothing more is read from it: what it does not take, it cannot
    /// make us say.
    private static let pauseThreshold = 1 << 20

    /// Queues one message, cut into `fragments` frames. False where nothing can be sent: before the connection is open,
    /// after our Close frame or the peer's, and after its end.
    @discardableResult
    package func send(_ kind: MessageKind, _ payload: RawSpan, fragments: Int = 1, on id: ConnectionID) -> Bool {
        preconditionOnLoop()
        // Straight from the state: an accessor that lends something costs twenty instructions.
        guard let connection = state.pointee.connections[id], connection.pointee.phase == .open, hasRoom(connection)
        else { return false }
        traffic(of: connection).pointee.payloadBytesSent += UInt64(payload.byteCount)
        traffic(of: connection).pointee.messagesSent += 1
        watch(sent: kind.opcode, payload, connection)
        lendOutput(to: connection)
        if connection.pointee.deflater != nil, payload.byteCount >= connection.pointee.compressionThreshold {
            encodeCompressed(kind.opcode, payload, fragments: fragments, connection)
        } else if fragments == 1 {
            encode(kind.opcode, payload, connection)
        } else if connection.pointee.role == .client {
            clientEncoder.append(kind.opcode, payload, fragments: fragments, to: &connection.pointee.output)
        } else {
            serverEncoder.append(kind.opcode, payload, fragments: fragments, to: &connection.pointee.output)
        }
        queued(connection)
        return true
    }

    /// Queues a ping. False as with ``send(_:_:fragments:on:)``, and for more than 125 bytes (RFC 6455 §5.5).
    @discardableResult
    package func ping(_ payload: RawSpan, on id: ConnectionID) -> Bool {
        guard sendControl(.ping, payload, on: id) else { return false }
        connections[id]?.pointee.pings.sent(payload, atNanoseconds: nowNanoseconds)
        return true
    }

    /// Queues a pong that nobody asked for (RFC 6455 §5.5.3). False as with ``ping(_:on:)``.
    @discardableResult
    package func pong(_ payload: RawSpan, on id: ConnectionID) -> Bool {
        sendControl(.pong, payload, on: id)
    }

    private func sendControl(_ opcode: Opcode, _ payload: RawSpan, on id: ConnectionID) -> Bool {
        preconditionOnLoop()
        guard let connection = connections[id], connection.pointee.phase == .open,
            payload.byteCount <= FrameEncoder.maximumControlPayload, hasRoom(connection)
        else { return false }
        encodeControl(opcode, payload, connection)
        queued(connection)
        return true
    }

    /// Answers a ping, unless the peer does not read: then it gets one answer, to its latest ping, when it does
    /// (RFC 6455 §5.5.3).
    func answerPing(_ payload: UnsafeRawBufferPointer, _ connection: UnsafeMutablePointer<Connection>) {
        guard connection.pointee.phase == .open else { return }
        if connection.pointee.isBlocked, connection.pointee.output.count > Self.pongThreshold {
            connection.pointee.owedPong = Array(payload)
        } else {
            encodeControl(.pong, payload.bytes, connection)
            queued(connection)
        }
    }

    /// Appends our Close frame.
    func encodeClose(_ frame: ConnectionEnd.CloseFrame, _ connection: UnsafeMutablePointer<Connection>) {
        connection.pointee.end.sent = frame
        // Nothing is sent after it.
        connection.pointee.deflater = nil
        if state.pointee.watcher != nil { frame.withPayload { watch(sent: .close, $0.bytes, connection) } }
        lendOutput(to: connection)
        if connection.pointee.role == .client {
            clientEncoder.appendClose(frame.code, reason: frame.reason, to: &connection.pointee.output)
        } else {
            serverEncoder.appendClose(frame.code, reason: frame.reason, to: &connection.pointee.output)
        }
    }

    /// Appends a ping or pong.
    func encodeControl(_ opcode: Opcode, _ payload: RawSpan, _ connection: UnsafeMutablePointer<Connection>) {
        watch(sent: opcode, payload, connection)
        lendOutput(to: connection)
        encode(opcode, payload, connection)
    }

    private func encode(_ opcode: Opcode, _ payload: RawSpan, _ connection: UnsafeMutablePointer<Connection>) {
        if connection.pointee.role == .client {
            clientEncoder.append(opcode, payload, to: &connection.pointee.output)
        } else {
            serverEncoder.append(opcode, payload, to: &connection.pointee.output)
        }
    }

    /// Whether the queue takes one more message, of whatever size: what waits before it is what is limited. With a full
    /// queue the connection has failed, unless the socket takes some of it after all.
    @inline(__always)
    private func hasRoom(_ connection: UnsafeMutablePointer<Connection>) -> Bool {
        connection.pointee.output.count <= connection.pointee.maximumQueuedBytes || makeRoom(connection)
    }

    @inline(never)
    private func makeRoom(_ connection: UnsafeMutablePointer<Connection>) -> Bool {
        connection.pointee.isBlocked = false
        flush(connection)
        let limit = connection.pointee.maximumQueuedBytes
        guard connection.pointee.output.count > limit else { return true }
        let bytes = connection.pointee.output.count
        let detail = "\(bytes) bytes wait for the peer, which takes them too slowly, where \(limit) may"
        finish(connection, ConnectionError(.backpressure, detail))
        return false
    }

    /// Something was appended to the output.
    @inline(__always)
    func queued(_ connection: UnsafeMutablePointer<Connection>) {
        // Where several messages are in flight, most find their connection listed already, and too little to be written now.
        if connection.pointee.isDirty, connection.pointee.output.count < Self.writeThreshold { return }
        queuedFirstOrMuch(connection)
    }

    @inline(never)
    private func queuedFirstOrMuch(_ connection: UnsafeMutablePointer<Connection>) {
        if !connection.pointee.isBlocked, connection.pointee.output.count >= Self.writeThreshold {
            flush(connection)
            updateInterest(connection)
        }
        if !connection.pointee.isDirty {
            connection.pointee.isDirty = true
            dirty.append(connection.pointee.id)
        }
    }

    /// Writes what the connections of this turn have queued, in the order in which they began to.
    func flushDirty() {
        // One connection is the rule: the turn is its own. (`removeAll` costs more than all the rest of this.)
        if dirty.count == 1, let id = dirty.popLast() { return flushDirty(id) }
        guard !dirty.isEmpty else { return }
        for index in dirty.indices { flushDirty(dirty[index]) }
        dirty.removeAll(keepingCapacity: true)
    }

    private func flushDirty(_ id: ConnectionID) {
        guard let connection = connections[id] else { return }
        connection.pointee.isDirty = false
        flush(connection)
        updateInterest(connection)
    }

    /// Writes as much as the socket takes.
    func flush(_ connection: UnsafeMutablePointer<Connection>) {
        guard !connection.pointee.isBlocked, connection.pointee.descriptor >= 0 else { return }
        while !connection.pointee.output.isEmpty, connection.pointee.writeError == 0 {
            counts.writes += 1
            let count = send(connection)
            if count >= 0 {
                connection.pointee.output.consume(count)
                if connection.pointee.output.isEmpty, let payload = connection.pointee.owedPong {
                    connection.pointee.owedPong = nil
                    if connection.pointee.phase == .open { encodeControl(.pong, payload.span.bytes, connection) }
                }
            } else if count == -Int(EAGAIN) {
                connection.pointee.isBlocked = true
                return
            } else {
                // What the peer sent before it went away is still to be read; reading finds the end.
                connection.pointee.writeError = Int32(-count)
            }
        }
        takeOutputBack(from: connection)
        outputDrained(connection)
    }

    // A connection has memory for its output only from the first byte in it until the last is written. Mostly one has at a
    // time, so one buffer goes round: it is in the processor's cache, and 18,000 sessions that do nothing are 272 bytes
    // smaller each.

    /// Gives the spare buffer to a connection that has none.
    @inline(__always)
    func lendOutput(to connection: UnsafeMutablePointer<Connection>) {
        if connection.pointee.output.capacity == 0 {
            swap(&connection.pointee.output, &state.pointee.spareOutput)
        }
    }

    /// Takes the buffer of a connection that has nothing more to write.
    @inline(__always)
    private func takeOutputBack(from connection: UnsafeMutablePointer<Connection>) {
        if connection.pointee.writeError == 0, connection.pointee.output.capacity <= Self.keptCapacity,
            state.pointee.spareOutput.capacity == 0
        {
            swap(&connection.pointee.output, &state.pointee.spareOutput)
        } else {
            connection.pointee.output.release()
        }
    }

    /// Bytes of the output that were taken, with the results of ``Socket/send(_:_:)``, and counted.
    @inline(__always)
    private func send(_ connection: UnsafeMutablePointer<Connection>) -> Int {
        if connection.pointee.tls != nil { return sendSecurely(connection) }
        let count = Socket.send(connection.pointee.descriptor, connection.pointee.output.readableBytes)
        if count > 0 { traffic(of: connection).pointee.bytesSent += UInt64(count) }
        return count
    }

    /// Whether what a peer says has to wait until it takes what we say.
    func isPaused(_ connection: UnsafeMutablePointer<Connection>) -> Bool {
        connection.pointee.role == .server && connection.pointee.output.count > Self.pauseThreshold
    }

    /// Has epoll watch for what matters now; a system call only where that has changed.
    func updateInterest(_ connection: UnsafeMutablePointer<Connection>) {
        var interest = isPaused(connection) ? 0 : Poller.readable
        if connection.pointee.isBlocked { interest |= Poller.writable }
        if connection.pointee.tls != nil { interest = securedInterest(connection, interest) }
        guard interest != connection.pointee.interest, connection.pointee.descriptor >= 0 else { return }
        if interest & ~connection.pointee.interest & Poller.readable != 0, !connection.pointee.pendingInput.isEmpty,
            !resumptions.contains(connection.pointee.id)
        {
            resumptions.append(connection.pointee.id)
        }
        connection.pointee.interest = interest
        poller.modify(connection.pointee.descriptor, token: connection.pointee.id, interest: interest)
    }
}
