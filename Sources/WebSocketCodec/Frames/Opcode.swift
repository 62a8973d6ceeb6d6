/// What a frame carries (RFC 6455 §5.2, §11.8). The other ten of the sixteen values are reserved.
package enum Opcode: UInt8, Hashable, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames are never fragmented, carry 125 bytes at most and may stand between fragments (§5.5).
    package var isControl: Bool { rawValue & 0x8 != 0 }
}
