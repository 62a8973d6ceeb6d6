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

    /// What is proposed for text that is no duration; nil where only the units are told.
    @Test(
        arguments: [
            ("1,5s", "1.5s"), ("30 s", "30s"), ("1m 30s", "1m30s"), ("2 sec", "2s"), ("5 minutes", "5m"),
            ("1_000ms", "1000ms"),
            ("1,000ms", "1000ms"), ("1.000,5ms", "1000.5ms"), ("1,000.5ms", "1000.5ms"), (".5s", "0.5s"),
            ("250MS", "250ms"),
            ("10µs", "10us"), ("2d", "48h"), ("1hour30min", "1h30m"), ("30", nil), ("soon", nil), ("1..5s", nil),
            ("", nil),
            ("1.5.s", nil), ("s", nil), ("9223372036854775807d", nil), ("5 parsecs", nil), (",s", nil),
        ] as [(String, String?)])
    func proposesTheFormOfPlans(_ text: String, _ form: String?) {
        let expected = form.map { "did you mean '\($0)'?" } ?? DurationText.unitsInWords
        #expect(throws: DurationText.Problem.self) { try DurationText.nanoseconds(of: text) }
        guard let problem = Self.problem(of: text) else { return }
        #expect(DurationText.help(for: text, problem) == expected)
    }

    @Test(arguments: [
        ("-1s", "a duration is at least 0s"), ("400000h", "a duration is at most 8784h, which is 366 days"),
        ("1s1m", "units go from the largest to the smallest, each once, for example 1m30s"),
    ])
    func saysWhatToDo(_ text: String, _ help: String) {
        #expect(Self.problem(of: text).map { DurationText.help(for: text, $0) } == help)
    }

    private static func problem(of text: String) -> DurationText.Problem? {
        do throws(DurationText.Problem) {
            _ = try DurationText.nanoseconds(of: text)
            return nil
        } catch {
            return error
        }
    }
}
