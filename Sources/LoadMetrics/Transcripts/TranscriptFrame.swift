/// One message or control frame of a session, as a transcript shows it. A message that is cut into several frames is one;
/// a compressed one is shown as it was before it was compressed.
package struct TranscriptFrame: Hashable, Sendable {
    package enum Direction: String, Hashable, Sendable {
        case sent
        case received
    }

    package enum Opcode: String, Hashable, Sendable {
        case text
        case binary
        case ping
        case pong
        case close
    }

    package var direction: Direction
    package var opcode: Opcode
    /// Since the session has opened; in the transcript of a whole run, since its start.
    package var sinceNanoseconds: Int64
    /// Bytes of the payload.
    package var size: Int
    /// The payload, or the beginning of it. A peer may have written it, so possibly anything.
    package var payload: [UInt8]
    /// Whether the payload had more than that.
    package var isCut: Bool

    package init(
        _ direction: Direction, _ opcode: Opcode, sinceNanoseconds: Int64, size: Int, payload: [UInt8]
    ) {
        self.direction = direction
        self.opcode = opcode
        self.sinceNanoseconds = sinceNanoseconds
        self.size = size
        self.payload = payload
        isCut = payload.count < size
    }

    /// What a Close frame says (RFC 6455 §5.5.1); nil for other frames, and for one without a code.
    package var closing: (code: Int, reason: ArraySlice<UInt8>)? {
        guard opcode == .close, payload.count >= 2 else { return nil }
        return (Int(payload[0]) << 8 | Int(payload[1]), payload[2...])
    }
}

/// The last frames of a session up to the moment when something failed in it.
package struct SessionTranscript: Hashable, Sendable {
    /// How long the session had been open.
    package var openNanoseconds: Int64
    /// How many frames there were before those.
    package var earlierCount: Int
    /// The oldest first.
    package var frames: [TranscriptFrame]

    package init(openNanoseconds: Int64, earlierCount: Int = 0, frames: [TranscriptFrame]) {
        self.openNanoseconds = openNanoseconds
        self.earlierCount = earlierCount
        self.frames = frames
    }
}
