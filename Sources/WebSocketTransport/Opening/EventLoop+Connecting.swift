import Glibc
import WebSocketCodec

// TCP: one address after the other, and the next one beside the last where that takes its time (RFC 8305). The first that
// answers is the connection's; the sockets of the others are closed.
extension EventLoop {
    /// How long an address has before the next one is tried beside it (RFC 8305 §5, "Connection Attempt Delay").
    private static let attemptDelayNanoseconds: Int64 = 250_000_000

    /// Begins to connect to one of `addresses`, tried in this order but for families taking turns (RFC 8305 §4).
    func connect(
        _ connection: UnsafeMutablePointer<Connection>, _ opening: Opening, to addresses: [SocketAddress]
    ) {
        opening.addresses = addresses.count > 1 ? addresses.withFamiliesTakingTurns : addresses
        opening.stepStartedNanoseconds = MonotonicClock.nowNanoseconds
        connection.pointee.phase = .connecting
        beginNextAttempt(connection, opening)
    }

    /// Begins with the next address that gives hope; without one, and with no attempt under way, the connection has failed.
    func beginNextAttempt(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        while opening.nextAddressIndex < opening.addresses.count {
            let index = opening.nextAddressIndex
            opening.nextAddressIndex += 1
            do throws(ConnectionError) {
                let descriptor = try beginAttempt(connection, opening, to: opening.addresses[index])
                opening.attempts.append(Opening.Attempt(descriptor: descriptor, addressIndex: index))
                opening.addressIndex = index
                break
            } catch {
                opening.failure = error
            }
        }
        guard !opening.attempts.isEmpty else {
            fail(connection, opening.failure ?? ConnectionError(.dns, "no address to connect to"))
            return
        }
        if opening.nextAddressIndex < opening.addresses.count {
            opening.hasAttemptTimer = true
            let due = MonotonicClock.nowNanoseconds.addingSaturated(Self.attemptDelayNanoseconds)
            setTimer(of: connection, dueNanoseconds: min(due, opening.deadlineNanoseconds))
        } else {
            restoreTimer(of: connection, opening)
        }
    }

    /// A socket on its way to an address, watched.
    private func beginAttempt(
        _ connection: UnsafeMutablePointer<Connection>, _ opening: Opening, to address: SocketAddress
    ) throws(ConnectionError) -> Int32 {
        var local: SocketAddress?
        if let pool = opening.request.route.localAddresses, address.family != AF_UNIX {
            local = pool.address(family: address.family, turn: opening.localTurn)
            guard local != nil else {
                throw ConnectionError(
                    .generator, "'local_addresses' has no address that could speak to \(opening.name(of: address))")
            }
        }
        let descriptor = Socket.beginConnecting(to: address, from: local)
        guard descriptor >= 0 else {
            let source = local.map { " from \($0.hostDescription)" } ?? ""
            throw ConnectionError(
                errno: -descriptor, whileDoing: "cannot connect to \(opening.name(of: address))\(source)")
        }
        guard poller.add(descriptor, token: connection.pointee.id, interest: Poller.writable) else {
            let code = errno
            Glibc.close(descriptor)
            throw ConnectionError(errno: code, whileDoing: "cannot watch a socket")
        }
        return descriptor
    }

    /// Some attempt has succeeded or failed; which one, the event does not say where there are several.
    func finishConnecting(_ connection: UnsafeMutablePointer<Connection>, _ readiness: UInt32) {
        guard let opening = connection.pointee.opening else { preconditionFailure("no request to connect for") }
        var hasFailed = false
        for attempt in opening.attempts {
            // Where there has been one only, it is that, and it has failed only if the event says so.
            let isOnly = opening.nextAddressIndex == 1
            if !isOnly, !Socket.isDecided(attempt.descriptor) { continue }
            let code = isOnly && readiness & Poller.failed == 0 ? 0 : Socket.pendingError(of: attempt.descriptor)
            guard code != 0 else { return connected(connection, opening, by: attempt) }
            let address = opening.addresses[attempt.addressIndex]
            opening.failure = ConnectionError(
                errno: code, whileDoing: "cannot connect to \(opening.name(of: address))")
            opening.attempts.removeAll { $0.descriptor == attempt.descriptor }
            close(attempt)
            hasFailed = true
        }
        if hasFailed { beginNextAttempt(connection, opening) }
    }

    private func connected(
        _ connection: UnsafeMutablePointer<Connection>, _ opening: Opening, by attempt: Opening.Attempt
    ) {
        for other in opening.attempts where other.descriptor != attempt.descriptor { close(other) }
        opening.attempts = []
        restoreTimer(of: connection, opening)
        opening.addressIndex = attempt.addressIndex
        connection.pointee.descriptor = attempt.descriptor
        connection.pointee.interest = Poller.writable
        if let tunnel = opening.request.tunnel {
            beginTunnel(connection, opening, tunnel)
        } else {
            pathStands(connection, opening)
        }
    }

    /// There is a way to the target: TCP, perhaps through a tunnel.
    func pathStands(_ connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        let now = MonotonicClock.nowNanoseconds
        opening.timings.tcpNanoseconds = now - opening.stepStartedNanoseconds
        opening.stepStartedNanoseconds = now
        if opening.request.url.scheme == .wss { beginSecuring(connection, opening) } else { ask(connection, opening) }
    }

    /// Closes what is still on its way to an address.
    func closeAttempts(of opening: Opening) {
        for attempt in opening.attempts { close(attempt) }
        opening.attempts = []
    }

    private func close(_ attempt: Opening.Attempt) {
        poller.remove(attempt.descriptor)
        Glibc.close(attempt.descriptor)
    }

    /// The one timer of the connection has to end the connect again, where it was taken for the next attempt.
    private func restoreTimer(of connection: UnsafeMutablePointer<Connection>, _ opening: Opening) {
        guard opening.hasAttemptTimer else { return }
        opening.hasAttemptTimer = false
        setTimer(of: connection, dueNanoseconds: opening.deadlineNanoseconds)
    }
}

extension [SocketAddress] {
    /// In the same order within each family, with the families taking turns, that of the first address first (RFC 8305 §4).
    package var withFamiliesTakingTurns: [SocketAddress] {
        guard let first else { return [] }
        let own = filter { $0.family == first.family }
        let others = filter { $0.family != first.family }
        var turns: [SocketAddress] = []
        for index in 0..<Swift.max(own.count, others.count) {
            if index < own.count { turns.append(own[index]) }
            if index < others.count { turns.append(others[index]) }
        }
        return turns
    }
}
