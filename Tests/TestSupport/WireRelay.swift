import Glibc

/// Passes the bytes of one connection on, both ways, until its fault is due or both sides have hung up. Both sockets stay
/// the caller's, and are to be closed at once after `run`.
struct WireRelay {
    /// How long it goes without asking whether it is to stop.
    static let tickMilliseconds: Int32 = 20

    private let client: Int32
    private let server: Int32
    private let fault: WireFault
    private(set) var hasStruck = false

    /// The turn that the server is at, or was at last.
    private var turn = 0
    /// How many bytes of it came so far.
    private var bytesOfTurn = 0
    private var isClientsTurn = true

    private var isClientHeard = true
    private var isServerHeard = true
    private var delayMicroseconds: UInt32 = 0
    private var isSlicing = false
    private var isOver = false

    init(client: Int32, server: Int32, _ fault: WireFault) {
        self.client = client
        self.server = server
        self.fault = fault
        var on: Int32 = 1
        for socket in [client, server] {
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    mutating func run(until isStopping: () -> Bool) {
        if fault.turn == 0 { strike() }
        var sides = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while !isOver, !isStopping() {
            guard poll(&sides, nfds_t(sides.count), Self.tickMilliseconds) > 0 else { continue }
            for index in sides.indices where sides[index].revents != 0 && !isOver {
                let bytes = Self.receive(from: sides[index].fd)
                if bytes.isEmpty {
                    // It hangs up, and poll passes over it from now on.
                    let isClient = sides[index].fd == client
                    sides[index].fd = -1
                    hangUp(isClient: isClient)
                    isOver = isOver || sides.allSatisfy { $0.fd < 0 }
                } else if sides[index].fd == client {
                    isClientsTurn = true
                    if isClientHeard { send(bytes[...], to: server) }
                } else {
                    passOnFromServer(bytes)
                }
            }
        }
    }

    /// One side hung up, and the other one hears of it. Nobody waits for the answer to a stalled connection.
    private mutating func hangUp(isClient: Bool) {
        if isClient, !isClientHeard {
            isOver = true
        } else if isClient || isServerHeard {
            shutdown(isClient ? server : client, Int32(SHUT_WR))
        }
    }

    private mutating func passOnFromServer(_ bytes: [UInt8]) {
        if isClientsTurn {
            isClientsTurn = false
            turn += 1
            bytesOfTurn = 0
        }
        var rest = bytes[...]
        if !hasStruck, turn == fault.turn, bytesOfTurn + bytes.count > fault.offset {
            let unharmed = rest.prefix(fault.offset - bytesOfTurn)
            send(unharmed, to: client)
            rest = rest.dropFirst(unharmed.count)
            strike()
            if case .corrupts(let bits) = fault.deed { rest[rest.startIndex] ^= bits }
        }
        bytesOfTurn += bytes.count
        if isServerHeard, !isOver { send(rest, to: client) }
    }

    private mutating func strike() {
        hasStruck = true
        switch fault.deed {
        case .delays(let milliseconds):
            delayMicroseconds = milliseconds * 1_000
        case .slices:
            isSlicing = true
        case .stalls:
            isClientHeard = false
            isServerHeard = false
        case .resets:
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(client, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            isOver = true
        case .ends:
            // With something unread, closing would reset the connection.
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while recv(client, &bytes, bytes.count, Int32(MSG_DONTWAIT)) > 0 {}
            isOver = true
        case .halfCloses:
            isServerHeard = false
            shutdown(client, Int32(SHUT_WR))
        case .corrupts:
            break
        }
    }

    /// Nobody to send to is the connection's end.
    private mutating func send(_ bytes: ArraySlice<UInt8>, to socket: Int32) {
        usleep(delayMicroseconds)
        var rest = bytes
        while !rest.isEmpty {
            let most = isSlicing ? 1 : rest.count
            let sent = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, most, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else {
                isOver = true
                return
            }
            rest = rest.dropFirst(sent)
            // The other side gets the chance to read it by itself.
            if isSlicing { sched_yield() }
        }
    }

    /// Nothing at the end of what that side says, however it ended.
    private static func receive(from socket: Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = max(0, recv(socket, buffer.baseAddress, buffer.count, 0))
        }
    }
}
