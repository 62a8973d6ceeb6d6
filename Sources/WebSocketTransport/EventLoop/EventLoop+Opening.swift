import Glibc
import Quantities
import WebSocketCodec

// From `connect` to an open connection.
extension EventLoop {
    /// How long the body of an answer other than 101 is waited for: it is for people, and may never be complete.
    private static let bodyPatienceNanoseconds: Int64 = 250_000_000

    /// Begins to open a connection. ``LoopClient/opened(on:connection:context:response:timings:)`` or
    /// ``LoopClient/failed(on:connection:context:error:response:)`` follows, once, unless it is aborted before.
    package func connect(_ request: ConnectRequest, context: UInt64) -> ConnectionID {
        preconditionOnLoop()
        let connection = connections.insert(Connection(.resolving, role: .client, limits: request.limits))
        let opening = Opening(request, startedNanoseconds: MonotonicClock.nowNanoseconds)
        connection.pointee.context = context
        connection.pointee.opening = opening
        setTimer(of: connection, dueNanoseconds: opening.deadlineNanoseconds)
        resolve(connection, opening)
        return connection.pointee.id
    }

    // MARK: Addresses

    private func resolve(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        let url = opening.request.url
        switch url.scheme {
        case .ws, .wss: break
        case .wsUnix:
            guard let path = url.socketPath, let address = SocketAddress(unixPath: path) else {
                fail(connection, ConnectionError(.unreachable, "the path of the socket is too long"))
                return
            }
            opening.addresses = [address]
            connectToNextAddress(connection, opening)
            return
        }
        if let addresses = resolver.known(url.host, nowNanoseconds: opening.startedNanoseconds) {
            use(addresses, for: connection, opening)
        } else {
            resolver.resolve(url.host) { [self, id = connection.pointee.id] answer in
                enqueue { loop in loop.resolved(id, answer) }
            }
        }
    }

    private func resolved(_ id: ConnectionID, _ answer: Resolver.Answer) {
        guard let connection = connections[id], connection.pointee.phase == .resolving,
            let opening = connection.pointee.opening
        else { return }
        switch answer {
        case .success(let addresses):
            opening.timings.dnsNanoseconds = MonotonicClock.nowNanoseconds - opening.startedNanoseconds
            use(addresses, for: connection, opening)
        case .failure(let error): fail(connection, error)
        }
    }

    private func use(
        _ addresses: [SocketAddress], for connection: UnsafeMutablePointer<Connection>,
        _ opening: Opening
    ) {
        opening.addresses = addresses
        for index in opening.addresses.indices { opening.addresses[index].port = opening.request.url.port }
        connectToNextAddress(connection, opening)
    }

    // MARK: TCP

    /// Tries the addresses from `addressIndex` on until one gives hope.
    private func connectToNextAddress(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        if connection.pointee.phase == .resolving {
            connection.pointee.phase = .connecting
            opening.stepStartedNanoseconds = MonotonicClock.nowNanoseconds
        }
        while opening.addressIndex < opening.addresses.count {
            let address = opening.addresses[opening.addressIndex]
            let descriptor = Socket.beginConnecting(to: address)
            if descriptor >= 0 {
                connection.pointee.descriptor = descriptor
                connection.pointee.interest = Poller.writable
                if poller.add(descriptor, token: connection.pointee.id, interest: Poller.writable) { return }
                let code = errno
                Glibc.close(descriptor)
                connection.pointee.descriptor = -1
                opening.failure = ConnectionError(errno: code, whileDoing: "cannot watch a socket")
            } else {
                opening.failure = ConnectionError(errno: -descriptor, whileDoing: "cannot connect to \(address)")
            }
            opening.addressIndex += 1
        }
        fail(connection, opening.failure ?? ConnectionError(.dns, "no address to connect to"))
    }

    /// TCP has succeeded or failed.
    func finishConnecting(_ connection: UnsafeMutablePointer<Connection>) {
        guard let opening = connection.pointee.opening else { preconditionFailure("no request to connect for") }
        let code = Socket.pendingError(of: connection.pointee.descriptor)
        guard code == 0 else {
            opening.failure = ConnectionError(errno: code, whileDoing: "cannot connect to \(opening.address)")
            opening.addressIndex += 1
            closeDescriptor(connection)
            connectToNextAddress(connection, opening)
            return
        }
        let now = MonotonicClock.nowNanoseconds
        opening.timings.tcpNanoseconds = now - opening.stepStartedNanoseconds
        opening.stepStartedNanoseconds = now
        if opening.request.url.scheme == .wss { beginSecuring(connection, opening) } else { ask(connection, opening) }
    }

    // MARK: Upgrade

    /// Sends the request.
    func ask(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        connection.pointee.phase = .upgrading
        opening.request.handshake.append(key: opening.key, to: &connection.pointee.output)
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
        if connection.pointee.tls?.failure != nil { return failSecuring(connection, opening) }
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
        startKeepalive(of: connection)
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
        let phrase = response.reasonPhrase.isEmpty ? "" : " \(response.reasonPhrase)"
        fail(connection, ConnectionError(.httpStatus, "the server answered \(response.status)\(phrase)"))
    }

    /// The timer of a connection that is not open yet has fired.
    func openingTimedOut(_ connection: UnsafeMutablePointer<Connection>) {
        guard let opening = connection.pointee.opening else { return finish(connection, nil) }
        if let response = try? opening.parser.finish() { return reject(connection, opening, response) }
        let missing: String
        switch connection.pointee.phase {
        case .resolving: missing = "no address for '\(opening.request.url.host)'"
        case .connecting: missing = "no TCP connection to \(opening.address)"
        case .securing: missing = "no end of the TLS handshake with \(opening.address)"
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
