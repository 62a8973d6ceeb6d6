import WebSocketCodec

/// The two kinds of messages (RFC 6455 §5.6).
package enum MessageKind: UInt8, Hashable, Sendable {
    case text = 0x1
    case binary = 0x2

    /// Written out: other modules call what the compiler makes through tables, which is 24 instructions a comparison, and this
    /// directly, which is 10.
    package static func == (one: MessageKind, other: MessageKind) -> Bool {
        switch (one, other) {
        case (.text, .text), (.binary, .binary): true
        case (.text, .binary), (.binary, .text): false
        }
    }

    var opcode: Opcode { self == .text ? .text : .binary }
}
