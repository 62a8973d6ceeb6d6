/// Bytes that went through the sockets of a loop, handshakes and frame headers included.
package struct Traffic: Hashable, Sendable {
    package var bytesSent: UInt64 = 0
    package var bytesReceived: UInt64 = 0

    package init(bytesSent: UInt64 = 0, bytesReceived: UInt64 = 0) {
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
    }
}
