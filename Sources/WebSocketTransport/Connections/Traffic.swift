/// What went through a loop, or through the connections of one account.
package struct Traffic: Hashable, Sendable {
    // Through its sockets, handshakes and frame headers included.
    package var bytesSent: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    // The payloads of messages, as they are before they are compressed and after they are inflated.
    package var payloadBytesSent: UInt64 = 0
    package var payloadBytesReceived: UInt64 = 0
    package var messagesSent: UInt64 = 0
    package var messagesReceived: UInt64 = 0

    package init(bytesSent: UInt64 = 0, bytesReceived: UInt64 = 0) {
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
    }
}
