import Testing
import WebSocketCodec

@Suite struct MaskingTests {
    @Test func equalsTheObviousLoop() {
        let key: MaskKey = 0xD4C3_B2A1
        let keyBytes: [UInt8] = [0xA1, 0xB2, 0xC3, 0xD4]
        let source = (0..<180).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        // From nothing to twice the 64 bytes that go at once, and all that may be left behind them.
        for count in 0...160 {
            for offset in 0..<9 {
                for phase in 0..<9 {
                    let expected = (0..<count).map { source[offset + $0] ^ keyBytes[(phase + $0) % 4] }
                    var apart = [UInt8](repeating: 0, count: source.count)
                    source.withUnsafeBytes { from in
                        apart.withUnsafeMutableBytes { to in
                            copyMasked(
                                from: from.baseAddress! + offset, to: to.baseAddress! + (8 - offset), count: count,
                                key: key, phase: phase)
                        }
                    }
                    let before = [UInt8](repeating: 0, count: 8 - offset)
                    let after = [UInt8](repeating: 0, count: source.count - 8 + offset - count)
                    #expect(apart == before + expected + after)

                    var inPlace = source
                    inPlace.withUnsafeMutableBytes { bytes in
                        let start = bytes.baseAddress! + offset
                        copyMasked(from: start, to: start, count: count, key: key, phase: phase)
                    }
                    #expect(
                        inPlace == Array(source[..<offset]) + expected + Array(source[(offset + count)...]),
                        "\(count) bytes at \(offset), phase \(phase)")
                }
            }
        }
    }
}
