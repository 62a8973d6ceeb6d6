import Testing
import WebSocketCodec
import WebSocketTransport

/// The rules of the keepalive, as values.
struct KeepaliveStateTests {
    private let patient = Keepalive(intervalNanoseconds: 100, timeoutNanoseconds: 250)

    @Test func pingsLieOnTheGridOfTheOpening() {
        var state = KeepaliveState(patient, openedNanoseconds: 7)
        #expect(state.nextPingNanoseconds == 107)
        state.pinged(atNanoseconds: 107)
        #expect(state.nextPingNanoseconds == 207)
        // Held up: what was due meanwhile is left out, and the next one is where it would have been.
        state.pinged(atNanoseconds: 431)
        #expect(state.nextPingNanoseconds == 507)
        state.skipPing(atNanoseconds: 507)
        #expect(state.nextPingNanoseconds == 607)
    }

    @Test func theOldestPingWithoutAPongIsJudged() {
        var state = KeepaliveState(patient, openedNanoseconds: 0)
        #expect(!state.isOverdue(atNanoseconds: 1_000_000))
        for ping in [100, 200, 300] as [Int64] { state.pinged(atNanoseconds: ping) }
        #expect(state.dueNanoseconds == 350)
        #expect(!state.isOverdue(atNanoseconds: 349))
        #expect(state.isOverdue(atNanoseconds: 350))
    }

    @Test func aPongAnswersAllEarlierPings() {
        var state = KeepaliveState(patient, openedNanoseconds: 0)
        for ping in [100, 200, 300] as [Int64] { state.pinged(atNanoseconds: ping) }
        state.answered(pingOfNanoseconds: 300)
        #expect(!state.isWaitingForPong && state.dueNanoseconds == 400)
    }

    @Test func aPongLeavesLaterPingsUnanswered() {
        var state = KeepaliveState(patient, openedNanoseconds: 0)
        for ping in [100, 200, 300] as [Int64] { state.pinged(atNanoseconds: ping) }
        state.answered(pingOfNanoseconds: 100)
        #expect(!state.isOverdue(atNanoseconds: 449) && state.isOverdue(atNanoseconds: 450))
    }

    @Test func aPongToThePlansLaterPingCountsAndToAnEarlierOneDoesNot() {
        var state = KeepaliveState(patient, openedNanoseconds: 0)
        state.pinged(atNanoseconds: 100)
        state.answered(pingOfNanoseconds: 99)
        #expect(state.isWaitingForPong)
        state.answered(pingOfNanoseconds: 150)
        #expect(!state.isWaitingForPong)
    }

    @Test func theLongestTimesDoNotOverflow() {
        var state = KeepaliveState(
            Keepalive(intervalNanoseconds: .max, timeoutNanoseconds: .max), openedNanoseconds: .max - 1)
        state.pinged(atNanoseconds: .max - 1)
        state.answered(pingOfNanoseconds: .max - 1)
        #expect(state.dueNanoseconds == .max && !state.isOverdue(atNanoseconds: .max))
    }
}

struct PingLedgerTests {
    private func answer(_ text: String, in ledger: inout PingLedger) -> Int64? {
        var text = text
        return text.withUTF8 { ledger.answered(by: UnsafeRawBufferPointer($0)) }
    }

    @Test func aPongTakesItsPingAndAllBeforeIt() {
        var ledger = PingLedger()
        for (time, payload) in ["a", "", "b", "a", String(repeating: "x", count: 125)].enumerated() {
            ledger.sent(payload.utf8Span.span.bytes, atNanoseconds: Int64(time))
        }
        #expect(answer("?", in: &ledger) == nil)
        #expect(answer("", in: &ledger) == 1)
        #expect(answer("", in: &ledger) == nil)
        #expect(answer("a", in: &ledger) == 3)
        #expect(answer("b", in: &ledger) == nil)
        #expect(answer(String(repeating: "x", count: 125), in: &ledger) == 4)
    }

    @Test func ofVeryManyTheOldestAreForgotten() {
        var ledger = PingLedger()
        for number in 0..<2_000 { ledger.sent("\(number)".utf8Span.span.bytes, atNanoseconds: Int64(number)) }
        #expect(answer("975", in: &ledger) == nil)
        #expect(answer("976", in: &ledger) == 976)
        ledger.forget(sentBeforeNanoseconds: 1_999)
        #expect(answer("1998", in: &ledger) == nil)
        #expect(answer("1999", in: &ledger) == 1_999)
    }
}
