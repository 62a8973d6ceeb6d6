import Glibc
package import WebSocketCodec

/// An IPv4 or IPv6 address with a port, or the path of a Unix domain socket, as the system calls take it.
package struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private var length: socklen_t = 0

    /// An address in its literal form (`127.0.0.1`, `::1`; no brackets, no zone); nil for anything else.
    package init?(literal: String, port: UInt16) {
        guard let address = IPAddress(literal) else { return nil }
        self.init(address, port: port)
    }

    package init(_ address: IPAddress, port: UInt16) {
        switch address.family {
        case .v4:
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            withUnsafeMutableBytes(of: &four.sin_addr) { $0.copyBytes(from: address.bytes) }
            self = withUnsafeBytes(of: four) { SocketAddress(bytes: $0) }
        case .v6:
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            withUnsafeMutableBytes(of: &six.sin6_addr) { $0.copyBytes(from: address.bytes) }
            self = withUnsafeBytes(of: six) { SocketAddress(bytes: $0) }
        }
        self.port = port
    }

    /// The address of a Unix domain socket; nil where the path is empty or longer than the 107 bytes there are for it.
    package init?(unixPath: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(unixPath.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { destination in
            guard !path.isEmpty, path.count < destination.count else { return false }
            destination.copyBytes(from: path)
            return true
        }
        guard fits else { return nil }
        withUnsafeBytes(of: address) { self = SocketAddress(bytes: $0) }
    }

    /// An address that a system call gave.
    init(bytes: UnsafeRawBufferPointer) {
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix($0.count)))
        }
        length = socklen_t(min(bytes.count, MemoryLayout<sockaddr_storage>.size))
    }

    /// The address a socket is bound to.
    init(boundTo descriptor: Int32) throws(SystemCallError) {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &storage) {
            getsockname(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard result == 0 else { throw SystemCallError(call: "getsockname", errno: errno) }
        self.length = length
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// The port, in the machine's byte order. Both internet families keep it in the same place.
    package var port: UInt16 {
        get {
            withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
        }
        set {
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: newValue.bigEndian, toByteOffset: 2, as: UInt16.self)
            }
        }
    }

    /// Calls `body` with the form that `connect` and `bind` want.
    func withSystemForm<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafeBytes(of: storage) { body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), length) }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `127.0.0.1:80`, `[::1]:80`, `/run/server.sock`
    package var description: String {
        if family == AF_UNIX {
            return withUnsafeBytes(of: storage) {
                String(decoding: $0.dropFirst(MemoryLayout<sa_family_t>.size).prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        return family == AF_INET6 ? "[\(hostDescription)]:\(port)" : "\(hostDescription):\(port)"
    }

    /// `127.0.0.1`, `::1`
    var hostDescription: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            let result = withSystemForm {
                getnameinfo($0, $1, buffer.baseAddress, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
            }
            return result == 0 ? String(cString: buffer.baseAddress!) : "?"
        }
    }
}
