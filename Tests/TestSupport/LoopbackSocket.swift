package import Glibc

/// TCP sockets of the loopback interface, which no program inherits that a test starts: it would hold a connection open.
package enum LoopbackSocket {
    /// - Throws: `SystemCallFailure`.
    package static func make(_ flags: __socket_type = SOCK_CLOEXEC) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | flags.rawValue), 0)
        guard descriptor >= 0 else { throw SystemCallFailure("socket") }
        return descriptor
    }

    /// Binds a socket to a free port and returns that.
    /// - Throws: `SystemCallFailure`.
    package static func bind(_ descriptor: Int32) throws -> Int {
        guard withAddress(port: 0, { Glibc.bind(descriptor, $0, $1) }) == 0 else { throw SystemCallFailure("bind") }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { throw SystemCallFailure("getsockname") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// A socket that listens at a free port.
    /// - Throws: `SystemCallFailure`.
    package static func listen(backlog: Int32) throws -> (descriptor: Int32, port: Int) {
        let descriptor = try make()
        let port = try bind(descriptor)
        guard Glibc.listen(descriptor, backlog) == 0 else { throw SystemCallFailure("listen") }
        return (descriptor, port)
    }

    /// Whether the interface has ::1 beside 127.0.0.1, which not every machine gives it.
    package static let hasIPv6: Bool = {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
    }()

    /// What `connect` returns.
    @discardableResult
    package static func connect(_ descriptor: Int32, to port: Int) -> Int32 {
        withAddress(port: port) { Glibc.connect(descriptor, $0, $1) }
    }

    private static func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
