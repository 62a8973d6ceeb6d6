import Testing
import WebSocketCodec

@Suite struct CloseCodeTests {
    @Test(arguments: [
        (0...999, false), (1000...1003, true), (1004...1006, false), (1007...1014, true), (1015...2999, false),
        (3000...4999, true), (5000...65535, false),
    ])
    func isReceivedOnlyIfMeantForTheWire(_ codes: ClosedRange<Int>, _ isAllowed: Bool) {
        for code in codes {
            let decoded = decode([[0x88, 0x02, UInt8(code >> 8), UInt8(code & 0xFF)]])
            if isAllowed {
                #expect(decoded == Decoded(events: [.close(UInt16(code), "")]))
            } else {
                #expect(decoded.events.isEmpty)
                #expect(decoded.violation?.kind == .framing)
                #expect(decoded.violation?.reason == "close frame with the code \(code)")
            }
        }
    }
}
