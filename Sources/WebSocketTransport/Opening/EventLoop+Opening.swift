import Glibc
import Quantities
import WebSocketCodec

// From `connect` to an open connection.
extension EventLoop {
    /// How long the body of an answer other than 101 is waited for: it is for people, and may never be complete.
    private static let bodyPatienceNanoseconds: Int64 = 250_000_000

    /// Begins to open a connection. ``LoopClient/opened(on:connection:context:response:timings:)`` or
    /// ``LoopClient/failed(on:connection:context:error:response:)`` follows, once, unless it is aborted before.
    ///
    /// - Parameters:
    ///   - account: where its bytes are counted.
    ///   - startedNanoseconds: from when the timeout and the total time count; nil for now. A request that follows an
    ///     answer elsewhere began with the first one.
    package func connect(
        _ request: ConnectRequest, context: UInt64, account: Int = 0, startedNanoseconds: Int64? = nil
    ) -> ConnectionID {
        preconditionOnLoop()
        precondition(state.pointee.traffic.indices.contains(account), "the loop '\(label)' has no account \(account)")
        let connection = connections.insert(Connection(.resolving, role: .client, limits: request.limits))
        let opening = Opening(
            request, key: state.pointee.handshakeKeys.next(), startedNanoseconds: startedNanoseconds)
        connection.pointee.context = context
        connection.pointee.account = UInt32(account)
        connection.pointee.opening = opening
        setTimer(of: connection, dueNanoseconds: opening.deadlineNanoseconds)
        resolve(connection, opening)
        return connection.pointee.id
    }

    // MARK: Upgrade

    /// Sends the request, on the way that stands.
    func ask(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        connection.pointee.phase = .upgrading
        lendOutput(to: connection)
        opening.request.handshake.append(key: opening.key, to: &connection.pointee.output)
        watchRequest(connection, opening)
        flush(connection)
        updateInterest(connection)
    }

    /// Takes in what has arrived of the answer.
    func receiveResponse(_ connection: UnsafeMutablePointer<Connection>, client: any LoopClient) {
        guard let opening = connection.pointee.opening else { preconditionFailure("no request to upgrade for") }
        let count = receive(connection)
        readClock()
        guard count > 0 else {
            if count != -Int(EAGAIN) { answerEnded(connection, opening, errno: Int32(-count)) }
            return
        }
        let received = UnsafeMutableRawBufferPointer(rebasing: receiveBuffer[..<count])
        var position = 0
        do throws(HandshakeError) {
            if let response = try opening.parser.next(in: UnsafeRawBufferPointer(received), at: &position) {
                answered(connection, opening, response, client: client)
                if connection.pointee.phase == .open || connection.pointee.phase == .closing {
                    take(
                        UnsafeMutableRawBufferPointer(rebasing: received[position...]), connection, client: client)
                }
            } else if connection.pointee.phase == .upgrading, (try? opening.parser.finish()) != nil {
                connection.pointee.phase = .rejected
                let patience = nowNanoseconds.addingSaturated(Self.bodyPatienceNanoseconds)
                setTimer(of: connection, dueNanoseconds: min(opening.deadlineNanoseconds, patience))
            }
        } catch {
            fail(connection, ConnectionError(.handshake, error.reason))
        }
        if connection.pointee.tls != nil { receivedSecurely(connection) }
    }

    /// The connection ended (`errno` 0) or broke before the answer was complete.
    private func answerEnded(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening, errno code: Int32) {
        if let response = try? opening.parser.finish() {
            reject(connection, opening, response)
            return
        }
        if connection.pointee.tls?.value.failure != nil { return failSecuring(connection, opening) }
        // A reset is told once, and writing the request may have been first to hear of it.
        let code = code == 0 ? connection.pointee.writeError : code
        if code != 0 {
            fail(connection, ConnectionError(errno: code, whileDoing: "the connection broke before the answer"))
        } else {
            let how = opening.parser.isEmpty ? "before answering" : "in the middle of its answer"
            fail(connection, ConnectionError(.handshake, "the peer closed the connection \(how)"))
        }
    }

    private func answered(
        _ connection: UnsafeMutablePointer<Connection>, _ opening: Opening,
        _ response: HandshakeResponse, client: any LoopClient
    ) {
        guard response.status == 101 else { return reject(connection, opening, response) }
        watcher?.answered(response, context: connection.pointee.context)
        do throws(HandshakeError) {
            let agreement = try opening.request.handshake.verify(response, key: opening.key)
            if let agreement, let offer = opening.request.compression {
                startCompression(of: connection, agreement, offer)
            }
        } catch {
            opening.response = response
            fail(connection, ConnectionError(.handshake, error.reason))
            return
        }
        opening.timings.upgradeNanoseconds = nowNanoseconds - opening.stepStartedNanoseconds
        opening.timings.totalNanoseconds = nowNanoseconds - opening.startedNanoseconds
        connection.pointee.phase = .open
        connection.pointee.wasOpened = true
        connection.pointee.opening = nil
        cancelTimer(of: connection)
        startKeepalive(of: connection, opening.request.limits.keepalive)
        client.opened(
            on: self, connection: connection.pointee.id, context: connection.pointee.context, response: response,
            timings: opening.timings)
    }

    /// An answer other than 101, as far as it got.
    private func reject(
        _ connection: UnsafeMutablePointer<Connection>, _ opening: Opening,
        _ response: HandshakeResponse
    ) {
        opening.response = response
        watcher?.answered(response, context: connection.pointee.context)
        let phrase = response.reasonPhrase.isEmpty ? "" : " \(response.reasonPhrase)"
        fail(connection, ConnectionError(.httpStatus, "the server answered \(response.status)\(phrase)"))
    }

    /// The timer of a connection that is not open yet has fired.
    func openingTimedOut(_ connection: UnsafeMutablePointer<Connection>) {
        guard let opening = connection.pointee.opening else { return finish(connection, nil) }
        if connection.pointee.phase == .connecting, opening.hasAttemptTimer,
            nowNanoseconds < opening.deadlineNanoseconds
        {
            return beginNextAttempt(connection, opening)
        }
        if let response = try? opening.parser.finish() { return reject(connection, opening, response) }
        let missing: String
        switch connection.pointee.phase {
        case .resolving: missing = "no address for '\(opening.request.firstHost.name)'"
        case .connecting: missing = "no TCP connection to \(opening.name(of: opening.address))"
        case .tunnelling: missing = "no answer of \(opening.name(of: opening.address)) to CONNECT"
        case .securing: missing = "no end of the TLS handshake with \(opening.peer)"
        default: missing = "no answer to the opening handshake"
        }
        let limit = DurationText.text(ofNanoseconds: opening.request.limits.connectTimeoutNanoseconds)
        fail(connection, ConnectionError(.timeout, "\(missing) within \(limit)"))
    }

    func fail(_ connection: UnsafeMutablePointer<Connection>, _ error: ConnectionError) {
        connection.pointee.opening?.failure = error
        finish(connection, error)
    }
}
