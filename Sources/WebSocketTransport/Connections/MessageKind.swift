import WebSocketCodec

/// The two kinds of messages (RFC 6455 §5.6).
package enum MessageKind: UInt8, Hashable, Sendable {
    case text = 0x1
    case binary = 0x2

    var opcode: Opcode { self == .text ? .text : .binary }
}
