import WebSocketCodec

/// The two kinds of messages (RFC 6455 §5.6).
package enum MessageKind: UInt8, Hashable, Sendable {
    case text = 0x1
    case binary = 0x2

    /// Written out: what the compiler makes is called through tables by other modules, this directly. (24 instructions, and 10.)
    package static func == (one: MessageKind, other: MessageKind) -> Bool {
        switch (one, other) {
        case (.text, .text), (.binary, .binary): true
        case (.text, .binary), (.binary, .text): false
        }
    }

    var opcode: Opcode { self == .text ? .text : .binary }
}
