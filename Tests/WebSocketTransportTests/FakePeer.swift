import CLinux
import Dispatch
import Glibc
import WebSocketCodec
import WebSocketTransport

/// A server that does to one connection what a test says, with blocking sockets on a thread of its own.
///
/// Every test stops its peers itself: what a `deinit` would do, an optimised build does as soon as nobody reads the peer
/// any more, with the client still on its way to it.
final class FakePeer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted = DispatchSemaphore(value: 0)

    init(_ script: @escaping @Sendable (PeerSocket) -> Void) {
        let listener = FakePeer.listen()
        self.listener = listener
        port = FakePeer.port(of: listener)
        DispatchQueue(label: "fake peer").async { [accepted] in
            let descriptor = wsplan_accept4(listener, Int32(SOCK_CLOEXEC.rawValue))
            accepted.signal()
            guard descriptor >= 0 else { return }
            let socket = PeerSocket(descriptor: descriptor)
            script(socket)
            close(descriptor)
        }
    }

    /// Takes no connection any more. Once.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        // Closed after `accept` has come back, which otherwise might wait at the next owner of the same descriptor.
        accepted.wait()
        close(listener)
    }

    private static func listen() -> Int32 {
        let descriptor = openSocket()
        let isListening =
            withLoopback(port: 0) { bind(descriptor, $0, $1) } == 0 && Glibc.listen(descriptor, 8) == 0
        precondition(isListening, "cannot listen")
        return descriptor
    }

    /// A socket that no program inherits which another test starts: it would hold the connection open.
    fileprivate static func openSocket() -> Int32 {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    static func withLoopback(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}

/// The end of a connection that a fake peer holds.
final class PeerSocket: @unchecked Sendable {
    // Sendable: a peer is one thread's at a time.
    let descriptor: Int32
    /// What it speaks through, from ``secure(_:)`` on.
    var tls: PeerTLS?

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// A client's end.
    init(connectedTo port: UInt16, receiveBufferSize: Int32? = nil) {
        descriptor = FakePeer.openSocket()
        if var size = receiveBufferSize {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        let result = FakePeer.withLoopback(port: port) { [descriptor] in connect(descriptor, $0, $1) }
        precondition(result == 0, "cannot connect")
    }

    /// False once the other side is gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send($0) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// A frame of a server with at most 125 bytes of payload.
    func writeFrame(_ first: UInt8, _ payload: [UInt8]) { write([first, UInt8(payload.count)] + payload) }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Up to the first empty line.
    func readHead() -> String {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8), receive(&byte, 1) == 1 { head.append(byte) }
        return String(decoding: head, as: UTF8.self)
    }

    /// The answer that opens the connection.
    func acceptance(of head: String, extensions: String? = nil) -> String {
        let line = head.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") } ?? ""
        let accept = HandshakeKey(parsing: String(line.dropFirst(19)))?.accept ?? "?"
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(accept)\r\n"
            + (extensions.map { "Sec-WebSocket-Extensions: \($0)\r\n" } ?? "") + "\r\n"
    }

    /// Opens the connection.
    func open(extensions: String? = nil) { write(acceptance(of: readHead(), extensions: extensions)) }

    /// The next short frame, unmasked: its first byte and its payload; nil at the end.
    func readFrame() -> (first: UInt8, payload: [UInt8])? {
        guard let header = read(2), let key = read(4), let masked = read(Int(header[1] & 0x7F)) else { return nil }
        return (header[0], masked.enumerated().map { $0.element ^ key[$0.offset % 4] })
    }

    /// Everything up to the end of the stream.
    @discardableResult
    func readToEnd() -> Int {
        var count = 0
        while let bytes = read(1) { count += bytes.count }
        return count
    }

    /// Makes `close` send a RST.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Whether the socket is ready for `event` in time.
    func waitUntil(_ event: Int32, milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        return poll(&descriptor, 1, milliseconds) == 1
    }

    /// So many bytes; nil at the end of the stream.
    func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        guard count > 0 else { return [] }
        return receive(&bytes, count) == count ? bytes : nil
    }
}
