import Glibc
import WebSocketCodec

/// A listening socket of a loop.
struct Listener {
    let descriptor: Int32
    let limits: ConnectRequest.Limits
}

/// What a connection that a listener accepted needs until it is open.
final class Accepting {
    let keepalive: Keepalive?
    var parser = HandshakeRequestParser()

    init(_ limits: ConnectRequest.Limits) { keepalive = limits.keepalive }
}

// Connections that others open to us.
extension EventLoop {
    /// Connections taken from one listener in one pass.
    private static let acceptsPerPass = 64
    /// How long nothing is accepted after the machine had no descriptor left.
    private static let shortagePauseNanoseconds: Int64 = 100_000_000

    /// Listens at `address`, and opens what peers ask for with ``LoopClient/accept(on:connection:request:)``. Returns
    /// the address with the port that was chosen where it was 0.
    ///
    /// `limits` hold for each connection: the connect timeout for its request. A connection whose peer does not read
    /// what we send is not read from until it does.
    package func listen(
        at address: SocketAddress, limits: ConnectRequest.Limits = ConnectRequest.Limits()
    ) throws(SystemCallError) -> SocketAddress {
        preconditionOnLoop()
        let descriptor = Socket.listening(at: address, backlog: 4_096)
        guard descriptor >= 0 else { throw SystemCallError(call: "cannot listen at \(address)", errno: -descriptor) }
        let token = Poller.token(ofListener: listeners.count)
        do throws(SystemCallError) {
            guard poller.add(descriptor, token: token, interest: Poller.readable) else {
                throw SystemCallError(call: "epoll_ctl", errno: errno)
            }
            let bound = try SocketAddress(boundTo: descriptor)
            listeners.append(Listener(descriptor: descriptor, limits: limits))
            return bound
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Takes the connections that wait at a listener.
    func acceptAll(at index: Int) {
        guard index < listeners.count else { return }
        let listener = listeners[index]
        for _ in 0..<Self.acceptsPerPass {
            let descriptor = Socket.accept(at: listener.descriptor)
            switch -descriptor {
            case EAGAIN: return
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                poller.modify(listener.descriptor, token: Poller.token(ofListener: index), interest: 0)
                _ = timers.arm(
                    dueNanoseconds: nowNanoseconds + Self.shortagePauseNanoseconds, owner: .listener,
                    context: UInt64(index))
                return
            // The peer was gone before it was its turn (accept(2) passes its errors on).
            case 1...: continue
            default: admit(descriptor, limits: listener.limits)
            }
        }
    }

    /// The pause after a shortage is over.
    func resumeAccepting(at index: Int) {
        guard index < listeners.count else { return }
        poller.modify(
            listeners[index].descriptor, token: Poller.token(ofListener: index), interest: Poller.readable)
    }

    private func admit(_ descriptor: Int32, limits: ConnectRequest.Limits) {
        let connection = connections.insert(Connection(.upgrading, role: .server, limits: limits))
        let id = connection.pointee.id
        connection.pointee.descriptor = descriptor
        connection.pointee.interest = Poller.readable
        connection.pointee.accepting = Accepting(limits)
        guard poller.add(descriptor, token: id, interest: Poller.readable) else { return giveUp(id) }
        setTimer(
            of: connection,
            dueNanoseconds: nowNanoseconds.addingSaturated(limits.connectTimeoutNanoseconds))
    }

    /// Takes in what has arrived of a peer's request.
    func receiveRequest(_ connection: UnsafeMutablePointer<Connection>, client: any LoopClient) {
        guard let accepting = connection.pointee.accepting else { preconditionFailure("no request to read") }
        let count = Socket.receive(connection.pointee.descriptor, into: receiveBuffer)
        readClock()
        guard count > 0 else {
            if count != -Int(EAGAIN) { finish(connection, nil) }
            return
        }
        traffic(of: connection).pointee.bytesReceived += UInt64(count)
        let received = UnsafeMutableRawBufferPointer(rebasing: receiveBuffer[..<count])
        var position = 0
        do throws(HandshakeRefusal) {
            guard let request = try accepting.parser.next(in: UnsafeRawBufferPointer(received), at: &position)
            else { return }
            open(connection, accepting, for: request, client: client)
        } catch {
            error.append(to: &connection.pointee.output)
            drain(connection)
            return
        }
        guard connection.pointee.phase == .open || connection.pointee.phase == .closing else { return }
        take(UnsafeMutableRawBufferPointer(rebasing: received[position...]), connection, client: client)
    }

    private func open(
        _ connection: UnsafeMutablePointer<Connection>, _ accepting: Accepting, for request: ReceivedHandshake,
        client: any LoopClient
    ) {
        let acceptance = client.accept(on: self, connection: connection.pointee.id, request: request)
        // The client may have given the connection up.
        guard connection.pointee.phase == .upgrading else { return }
        connection.pointee.context = acceptance.context
        connection.pointee.accepting = nil
        connection.pointee.wasOpened = true
        connection.pointee.phase = .open
        cancelTimer(of: connection)
        startKeepalive(of: connection, accepting.keepalive)
        request.appendAcceptance(subprotocol: acceptance.subprotocol, to: &connection.pointee.output)
        queued(connection)
    }
}
