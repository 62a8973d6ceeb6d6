import EventProgram
import Testing
import WebSocketCodec

@Test func programsCloseWithTheCodesOfTheCodec() {
    for code in UInt16.min...UInt16.max {
        #expect(VirtualUser.canClose(with: Int64(code)) == CloseCode(rawValue: code).isAllowedOnWire, "\(code)")
    }
}
