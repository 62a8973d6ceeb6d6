import LoadMetrics

extension TranscriptFrame {
    /// A frame of which everything is there.
    init(_ direction: Direction, _ opcode: Opcode, sinceNanoseconds: Int64, _ payload: String) {
        self.init(direction, opcode, sinceNanoseconds: sinceNanoseconds, bytes: Array(payload.utf8))
    }

    /// The first `kept` bytes of a frame, or all of them.
    init(_ direction: Direction, _ opcode: Opcode, sinceNanoseconds: Int64, bytes: [UInt8], kept: Int = .max) {
        self.init(
            direction, opcode, sinceNanoseconds: sinceNanoseconds, size: bytes.count,
            payload: Array(bytes.prefix(kept)))
    }

    /// All kinds of frames, and what a peer may try with them.
    static let samples: [TranscriptFrame] = [
        TranscriptFrame(.sent, .text, sinceNanoseconds: 0, "{\"type\":\"subscribe\"}"),
        TranscriptFrame(.received, .text, sinceNanoseconds: 81_200, "EUR\u{1B}[2J\r\n\u{202E}x\u{200B}"),
        TranscriptFrame(.received, .text, sinceNanoseconds: 1_240_000, ""),
        // Cut within a character.
        TranscriptFrame(
            .received, .text, sinceNanoseconds: 1_250_000,
            bytes: Array(("a" + String(repeating: "€", count: 6_000_000)).utf8), kept: 200),
        TranscriptFrame(.received, .binary, sinceNanoseconds: 1_260_000, bytes: [0, 0xFF, 0x1B, 0x5B]),
        TranscriptFrame(
            .sent, .binary, sinceNanoseconds: 1_270_000, bytes: (0..<300).map { UInt8(truncatingIfNeeded: $0) },
            kept: 200),
        TranscriptFrame(.received, .ping, sinceNanoseconds: 2_000_000_000, "are you there?"),
        TranscriptFrame(.sent, .pong, sinceNanoseconds: 2_000_100_000, bytes: [0x80, 0x81]),
        TranscriptFrame(.sent, .ping, sinceNanoseconds: 61_000_000_000, ""),
        TranscriptFrame(
            .received, .close, sinceNanoseconds: 3_601_000_000_000, bytes: [0x0F, 0xA1] + Array("by\u{7}e".utf8)),
        TranscriptFrame(.sent, .close, sinceNanoseconds: 3_601_000_000_001, bytes: [0x03, 0xE8]),
        TranscriptFrame(.sent, .close, sinceNanoseconds: 3_601_000_000_002, ""),
    ]
}

extension SessionTranscript {
    static let ofManyFrames = SessionTranscript(
        openNanoseconds: 3_601_000_000_003, earlierCount: 1_204, frames: TranscriptFrame.samples)
}
