import Quantities
import Testing

struct DurationTextTests {
    static let durations: [(String, Int64)] = [
        ("100us", 100_000), ("250ms", 250_000_000), ("2s", 2_000_000_000), ("1m30s", 90_000_000_000),
        ("1h", 3_600_000_000_000), ("1h0m1ms", 3_600_001_000_000), ("1.5s", 1_500_000_000), ("0.25ms", 250_000),
        ("0.0001us", 0), ("0s", 0), ("8784h", DurationText.maximumNanoseconds),
        ("0000000000000000000000002s", 2_000_000_000),
    ]

    @Test(arguments: durations)
    func reads(_ text: String, _ nanoseconds: Int64) throws {
        #expect(try DurationText.nanoseconds(of: text) == nanoseconds)
    }

    static let others: [(String, DurationText.Problem)] = [
        ("", .empty), ("30", .missingUnit), ("1m30", .missingUnit), ("1.5", .missingUnit), ("2d", .unknownUnit("d")),
        ("2S", .unknownUnit("S")), ("30 s", .malformed), ("1s1m", .unitOutOfOrder("m")), ("1s1s", .unitOutOfOrder("s")),
        ("-1s", .negative), ("s", .malformed), (".5s", .malformed), ("1.s", .malformed), ("+1s", .malformed),
        (" 1s", .malformed), ("8784h1us", .tooLong), ("99999999999999999999s", .tooLong),
        ("9999999999999999h", .tooLong),
    ]

    @Test(arguments: others)
    func saysWhatIsWrong(_ text: String, _ problem: DurationText.Problem) {
        #expect(throws: problem) { try DurationText.nanoseconds(of: text) }
    }
}
