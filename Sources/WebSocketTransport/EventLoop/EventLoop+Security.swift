import CLinux
import Dispatch
import Glibc
import WebSocketCodec

// What is different on connections with TLS.
extension EventLoop {
    /// Without a TLS handshake for so long, the memory of those before is given back.
    private static let memoryPatienceNanoseconds: Int64 = 1_000_000_000
    /// One for all loops, which have handshakes at the same time, and served by the threads that serve them: on a global queue
    /// each loop had one more thread to do the same.
    private static let memoryQueue = DispatchQueue(label: "wsplan.memory")

    // MARK: Handshake

    /// TCP stands: begins to speak TLS.
    func beginSecuring(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        guard let context = opening.request.tls else {
            return fail(connection, ConnectionError(.tls, "this run is not prepared for a wss:// address"))
        }
        let url = opening.request.url
        connection.pointee.phase = .securing
        if let session = TLSSession(
            context, descriptor: connection.pointee.descriptor, host: url.host, port: url.port)
        {
            connection.pointee.tls = Indirect(session)
        }
        secure(connection, opening)
    }

    /// Goes on with the handshake, and to the request when it has succeeded.
    private func secure(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        guard let step = connection.pointee.tls?.value.shakeHands() else {
            return fail(connection, ConnectionError(.generator, "no memory for a TLS session"))
        }
        countTraffic(connection)
        readClock()
        connection.pointee.isBlocked = false
        if step != .wantsToRead, step != .wantsToWrite { handshakeEnded() }
        switch step {
        case .done:
            opening.timings.tlsNanoseconds = nowNanoseconds - opening.stepStartedNanoseconds
            opening.stepStartedNanoseconds = nowNanoseconds
            ask(connection, opening)
        case .wantsToRead: updateInterest(connection)
        case .wantsToWrite:
            connection.pointee.isBlocked = true
            updateInterest(connection)
        case .failed: failSecuring(connection, opening)
        case .broken(errno: 0):
            let reason = "it ended the connection in the middle of the handshake"
            fail(connection, ConnectionError(.tls, "no TLS with \(opening.peer): \(reason)"))
        case .broken(let code):
            let action = "the connection to \(opening.peer) broke during the TLS handshake"
            fail(connection, ConnectionError(errno: code, whileDoing: action))
        }
    }

    /// TLS has said why there is no connection.
    func failSecuring(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        let reason = connection.pointee.tls?.value.failure ?? "no reason given"
        fail(connection, ConnectionError(.tls, "no TLS with \(opening.peer): \(reason)"))
    }

    private func handshakeEnded() {
        timers.cancel(state.pointee.memoryTimer)
        state.pointee.memoryTimer = timers.arm(
            dueNanoseconds: nowNanoseconds.addingSaturated(Self.memoryPatienceNanoseconds), owner: .memory, context: 0)
    }

    /// Gives the holes that handshakes have left in the heap back to the system: a handshake takes some 30 KiB for as long
    /// as it lasts, between what its connection and others keep. With 10,000 connections that came at once it was a third
    /// of all memory, and takes up to 60 ms, which is why no loop waits for it.
    func returnHandshakeMemory() {
        state.pointee.memoryTimer = .none
        Self.memoryQueue.async { malloc_trim(0) }
    }

    // MARK: Bytes

    func receiveSecurely(_ connection: UnsafeMutablePointer<Connection>) -> Int {
        let neededToWrite = connection.pointee.tls?.value.needsToWriteToReceive
        let result = connection.pointee.tls?.value.receive(into: receiveBuffer) ?? -Int(EPROTO)
        countTraffic(connection)
        if neededToWrite != connection.pointee.tls?.value.needsToWriteToReceive { updateInterest(connection) }
        return result
    }

    /// What has been received is dealt with, or kept: sees to it that what is still to come is not forgotten.
    func receivedSecurely(_ connection: UnsafeMutablePointer<Connection>) {
        if connection.pointee.hasLatePong {
            judgeLatePong(connection, bytesRead: 0, areAll: hasNothingToRead(connection))
        }
        if connection.pointee.pendingInput.isEmpty, connection.pointee.tls?.value.hasUntoldInput == true {
            resumptions.append(connection.pointee.id)
        }
    }

    /// Receives what no event of the socket tells of.
    func resumeReceiving(_ connection: UnsafeMutablePointer<Connection>, client: any LoopClient) {
        guard connection.pointee.tls?.value.hasUntoldInput == true else { return }
        switch connection.pointee.phase {
        case .upgrading, .rejected: receiveResponse(connection, client: client)
        case .open, .closing, .closed: receive(connection, client: client)
        case .resolving, .connecting, .tunnelling, .securing, .draining, .ended, .vacant: break
        }
    }

    func sendSecurely(_ connection: UnsafeMutablePointer<Connection>) -> Int {
        let wasScheduled =
            connection.pointee.tls?.value.hasUntoldInput == true || !connection.pointee.pendingInput.isEmpty
        let bytes = connection.pointee.output.readableBytes
        let result = connection.pointee.tls?.value.send(bytes) ?? -Int(EPROTO)
        countTraffic(connection)
        if !wasScheduled, connection.pointee.tls?.value.hasUntoldInput == true {
            resumptions.append(connection.pointee.id)
        }
        return result
    }

    private func countTraffic(_ connection: UnsafeMutablePointer<Connection>) {
        guard let more = connection.pointee.tls?.value.takeTraffic() else { return }
        traffic(of: connection).pointee.bytesSent += more.bytesSent
        traffic(of: connection).pointee.bytesReceived += more.bytesReceived
    }

    /// Whether all that has arrived was received and decoded.
    func hasNothingToRead(_ connection: UnsafeMutablePointer<Connection>) -> Bool {
        connection.pointee.pendingInput.isEmpty && connection.pointee.tls?.value.hasUntoldInput != true
            && Socket.unreadByteCount(of: connection.pointee.descriptor) == 0
    }

    // MARK: Readiness

    /// What an event means behind TLS: receiving may have waited for room to write, and sending for something to read.
    func securedReadiness(_ connection: UnsafeMutablePointer<Connection>, _ readiness: UInt32) -> UInt32 {
        if connection.pointee.phase == .securing {
            if let opening = connection.pointee.opening { secure(connection, opening) }
            return 0
        }
        var readiness = readiness
        if readiness & Poller.writable != 0, connection.pointee.tls?.value.needsToWriteToReceive == true {
            readiness |= Poller.readable
        } else if readiness & Poller.readable != 0, connection.pointee.tls?.value.needsToReadToSend == true {
            readiness |= Poller.writable
        }
        return readiness
    }

    /// What epoll is to watch for instead of `interest`: never for what would not bring TLS forward.
    func securedInterest(_ connection: UnsafeMutablePointer<Connection>, _ interest: UInt32) -> UInt32 {
        if connection.pointee.phase == .securing {
            return connection.pointee.isBlocked ? Poller.writable : Poller.readable
        }
        // What still arrives is thrown away as it is.
        if connection.pointee.phase == .draining { return interest }
        if connection.pointee.tls?.value.needsToWriteToReceive == true { return Poller.writable }
        return connection.pointee.tls?.value.needsToReadToSend == true ? interest & ~Poller.writable : interest
    }

    // MARK: End

    /// Says that nothing more will be sent: by TLS, and then by TCP.
    func finishSending(_ connection: UnsafeMutablePointer<Connection>) {
        finishSendingSecurely(connection)
        if !connection.pointee.isBlocked { Socket.finishSending(connection.pointee.descriptor) }
    }

    /// The same by TLS alone, which leaves the end of the TCP connection to the server (RFC 6455 §7.1.1): many a server
    /// waits for this word before it ends it. Where the socket has no room, it is said when it has.
    func finishSendingSecurely(_ connection: UnsafeMutablePointer<Connection>) {
        guard connection.pointee.tls != nil else { return }
        connection.pointee.isBlocked = connection.pointee.tls?.value.finishSending() == false
        countTraffic(connection)
    }

    /// The last word of TLS, and no more of it; where the peer does not read, without the word.
    func endSecurity(_ connection: UnsafeMutablePointer<Connection>) {
        _ = connection.pointee.tls?.value.finishSending()
        countTraffic(connection)
        connection.pointee.tls = nil
    }
}
