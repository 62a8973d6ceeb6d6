package import WebSocketCodec

/// Whoever wants to hear everything that goes over the wire, at the moment when it does: the handshakes, and every message
/// and control frame, also those that no ``LoopClient`` is told of (answers to pings and to Close frames, the pings of the
/// keepalive). For transcripts; a loop has none while it makes load.
///
/// Messages are whole, and as they are without compression. Called on the loop. Payloads are valid during the call only.
package protocol WireWatcher: AnyObject {
    /// A connection stands, and the request goes out on it.
    ///
    /// - Parameters:
    ///   - peer: with whom, for people: the address, of the target or of a proxy.
    ///   - security: the version of TLS and its cipher; nil without TLS.
    ///   - request: all of it.
    func asked(_ peer: String, security: String?, request: UnsafeRawBufferPointer, context: UInt64)

    /// A complete answer to a request.
    func answered(_ response: HandshakeResponse, context: UInt64)

    func sent(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, context: UInt64)

    func received(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, context: UInt64)
}

extension EventLoop {
    /// Hears what goes over the wire; nil for nobody. Kept alive by its owner.
    package var watcher: (any WireWatcher)? {
        get { state.pointee.watcher }
        set { state.pointee.watcher = newValue }
    }

    /// Tells of a request that stands in the output of a connection.
    func watchRequest(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        watcher?.asked(
            opening.name(of: opening.address), security: connection.pointee.tls?.value.agreement,
            request: connection.pointee.output.readableBytes, context: connection.pointee.context)
    }

    /// Tells of what is sent, where somebody wants to hear it.
    @inline(__always)
    func watch(sent opcode: Opcode, _ payload: RawSpan, _ connection: UnsafeMutablePointer<Connection>) {
        if state.pointee.watcher != nil { tellWatcher(ofSent: opcode, payload, connection) }
    }

    @inline(never)
    private func tellWatcher(
        ofSent opcode: Opcode, _ payload: RawSpan, _ connection: UnsafeMutablePointer<Connection>
    ) {
        payload.withUnsafeBytes { watcher?.sent(opcode, $0, context: connection.pointee.context) }
    }

    /// Tells of what has been received.
    @inline(never)
    func tellWatcher(of event: borrowing MessageDecoder.Event, context: UInt64) {
        switch event {
        case .text(let payload): watcher?.received(.text, payload, context: context)
        case .binary(let payload): watcher?.received(.binary, payload, context: context)
        case .ping(let payload): watcher?.received(.ping, payload, context: context)
        case .pong(let payload): watcher?.received(.pong, payload, context: context)
        case .close(let code, let reason):
            let frame = ConnectionEnd.CloseFrame(code: code, reason: String(decoding: reason, as: UTF8.self))
            frame.withPayload { watcher?.received(.close, $0, context: context) }
        }
    }
}
