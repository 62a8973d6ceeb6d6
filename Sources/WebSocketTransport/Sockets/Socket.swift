import CLinux
import Glibc

/// The system calls on stream sockets. Descriptors are non-blocking and closed on `exec`; results are as the kernel
/// gives them: a count, or a negated error number.
enum Socket {
    private static let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    /// `IP_BIND_ADDRESS_NO_PORT` of ip(7), which Swift does not see; for IPv6 as well.
    private static let bindAddressNoPort: Int32 = 24

    /// Begins to connect a new socket: its descriptor (EINPROGRESS counts as begun), or a negated error number.
    ///
    /// - Parameter local: an address of this machine to go out from. The port is taken when it is known where to, so that
    ///   one local address has as many ports for each remote one.
    static func beginConnecting(to address: SocketAddress, from local: SocketAddress? = nil) -> Int32 {
        let descriptor = socket(address.family, flags, 0)
        guard descriptor >= 0 else { return -errno }
        enable(TCP_NODELAY, level: Int32(IPPROTO_TCP), of: descriptor)
        if let local {
            enable(bindAddressNoPort, level: Int32(IPPROTO_IP), of: descriptor)
            guard local.withSystemForm({ bind(descriptor, $0, $1) }) == 0 else {
                let code = errno
                close(descriptor)
                return -code
            }
        }
        let result = address.withSystemForm { connect(descriptor, $0, $1) }
        if result != 0, errno != EINPROGRESS {
            let code = errno
            close(descriptor)
            return -code
        }
        return descriptor
    }

    /// A listening socket, or a negated error number.
    static func listening(at address: SocketAddress, backlog: Int32) -> Int32 {
        let descriptor = socket(address.family, flags, 0)
        guard descriptor >= 0 else { return -errno }
        enable(SO_REUSEADDR, level: SOL_SOCKET, of: descriptor)
        guard address.withSystemForm({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, backlog) == 0 else {
            let code = errno
            close(descriptor)
            return -code
        }
        return descriptor
    }

    /// The next connection that waits at a listening socket, or a negated error number.
    static func accept(at listener: Int32) -> Int32 {
        let descriptor = wsplan_accept4(listener, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        guard descriptor >= 0 else { return -errno }
        enable(TCP_NODELAY, level: Int32(IPPROTO_TCP), of: descriptor)
        return descriptor
    }

    /// Whether connecting has ended, one way or the other.
    static func isDecided(_ descriptor: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&watched, 1, 0) == 1
    }

    /// How connecting ended: 0, or an error number.
    static func pendingError(of descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(4)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }

    /// Bytes received into `buffer`, 0 at the end of the stream, or a negated error number.
    static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count >= 0 { return count }
            if errno != EINTR { return -Int(errno) }
        }
    }

    /// Bytes that have arrived and wait to be received.
    static func unreadByteCount(of descriptor: Int32) -> Int {
        var count: Int32 = 0
        return ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    /// Bytes the kernel took, or a negated error number.
    static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        while true {
            let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return count }
            if errno != EINTR { return -Int(errno) }
        }
    }

    /// Says that nothing more will be sent (FIN).
    static func finishSending(_ descriptor: Int32) {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private static func enable(_ option: Int32, level: Int32, of descriptor: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, level, option, &on, socklen_t(4))
    }
}
