import Glibc
import Testing
import WebSocketCodec

/// Random numbers for tests (SplitMix64), the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Of the environment (`WSPLAN_SEED`), so that a failure can be seen again, else another with each run.
    static let seedOfThisRun: UInt64 = {
        let given = getenv("WSPLAN_SEED").flatMap { UInt64(String(cString: $0)) }
        return given ?? UInt64.random(in: 0...UInt64.max)
    }()
}

/// Frames of all kinds in random order, many of them wrong, as one role receives them.
struct RandomStream {
    private(set) var bytes: [UInt8] = []
    private var isInMessage = false

    init(receivedBy role: EndpointRole, using generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let key =
                role == .server ? (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) } : nil
            appendFrame(key: key, using: &generator)
        }
        // One stream in four has a byte that is another one: a bit of a header, a part of a character, a length.
        if Int.random(in: 0..<4, using: &generator) == 0 {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
    }

    private mutating func appendFrame(key: [UInt8]?, using generator: inout SeededGenerator) {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0...2: bytes += frame(0x89, Self.text(ofAtMost: 12, using: &generator), key: key)
        case 3: bytes += frame(0x8A, Self.text(ofAtMost: 30, using: &generator), key: key)
        case 4:
            let code = [1000, 1001, 1005, 3000, 5000].randomElement(using: &generator)!
            bytes += frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array("bye".utf8), key: key)
        // A frame that may be wrong where it stands.
        case 5: bytes += frame(UInt8.random(in: 0...255, using: &generator), "wrong?", key: key)
        default:
            let isFinal = Int.random(in: 0..<2, using: &generator) == 0
            let opcode: UInt8 = isInMessage ? 0x0 : UInt8.random(in: 1...2, using: &generator)
            bytes += frame(
                (isFinal ? 0x80 : 0) | opcode, Self.text(ofAtMost: 70, using: &generator), key: key)
            isInMessage = !isFinal
        }
    }

    /// UTF-8 that sometimes breaks off inside of a character, which the next fragment may go on with.
    private static func text(ofAtMost count: Int, using generator: inout SeededGenerator) -> [UInt8] {
        let text = Array("Grüße 🚀 aus Ελλάδα, 東京 und Łódź, mehr als nur ASCII".utf8)
        let start = [0, 0, 0, 4, 9].randomElement(using: &generator)!
        return Array(text[start...].prefix(Int.random(in: 0...count, using: &generator)))
    }
}

@Suite struct RandomStreamTests {
    /// The events, and what was delivered before a violation, are the same however a stream is cut: in two at every
    /// place, into single bytes, and into many pieces at random places.
    @Test(arguments: [EndpointRole.client, .server])
    func isDecodedTheSameWhereverItIsCut(_ role: EndpointRole) {
        let seed = SeededGenerator.seedOfThisRun
        var generator = SeededGenerator(seed: seed)
        var violations = 0
        for round in 0..<150 {
            let bytes = RandomStream(receivedBy: role, using: &generator).bytes
            let whole = decode([bytes], role: role, maximumMessageSize: 150)
            violations += whole.violation == nil ? 0 : 1
            let random = (0..<20).map { _ in Self.pieces(of: bytes, using: &generator) }
            for pieces in cuts(of: bytes) + random {
                let decoded = decode(pieces, role: role, maximumMessageSize: 150)
                guard decoded != whole else { continue }
                Issue.record(
                    """
                    WSPLAN_SEED=\(seed), stream \(round), in pieces of \(pieces.map(\.count)): \
                    \(decoded) instead of \(whole)
                    """)
                return
            }
        }
        #expect((10..<150).contains(violations), "WSPLAN_SEED=\(seed): streams that are all right, or all wrong")
    }

    private static func pieces(of bytes: [UInt8], using generator: inout SeededGenerator) -> [[UInt8]] {
        let places = (0..<Int.random(in: 2...10, using: &generator))
            .map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
        return zip([0] + places, places + [bytes.count]).map { Array(bytes[$0..<$1]) }
    }
}
