import Quantities
import Testing

struct RateTextTests {
    /// A rate, and how a plan would write it.
    static let rates: [(String, Rate, String)] = [
        ("100/s", Rate(count: 1, perNanoseconds: 10_000_000), "100/s"),
        ("6000/m", Rate(count: 1, perNanoseconds: 10_000_000), "100/s"),
        ("0.5/s", Rate(count: 1, perNanoseconds: 2_000_000_000), "0.5/s"),
        ("1/m", Rate(count: 1, perNanoseconds: 60_000_000_000), "1/m"),
        ("0.000001/m", Rate(count: 1, perNanoseconds: 60_000_000_000_000_000), "0.000001/m"),
        ("33.333333/s", Rate(count: 33_333_333, perNanoseconds: 1_000_000_000_000_000), "33.333333/s"),
        ("1.500000000/s", Rate(count: 3, perNanoseconds: 2_000_000_000), "1.5/s"),
        ("1000000000/s", Rate(count: 1, perNanoseconds: 1), "1000000000/s"),
        ("60000000000/m", Rate(count: 1, perNanoseconds: 1), "1000000000/s"), ("0/s", .zero, "0/s"),
        ("0.0/m", .zero, "0/s"), ("007/s", Rate(count: 7, perNanoseconds: 1_000_000_000), "7/s"),
    ]

    @Test(arguments: rates)
    func readsAndWrites(_ text: String, _ rate: Rate, _ written: String) throws {
        #expect(try RateText.rate(of: text) == rate)
        #expect(RateText.text(of: rate) == written)
        #expect(try RateText.rate(of: written) == rate)
    }

    static let others: [(String, RateText.Problem)] = [
        ("", .empty), ("100", .missingUnit), ("1.5", .missingUnit), ("100/h", .unknownUnit("/h")),
        ("100/", .unknownUnit("/")), ("100/s/s", .unknownUnit("/s/s")), ("100/S", .unknownUnit("/S")),
        ("100 /s", .malformed), ("100/s ", .malformed), ("/s", .malformed), (".5/s", .malformed), ("1./s", .malformed),
        ("+1/s", .malformed), ("1e3/s", .malformed), ("1/2s", .malformed), ("-1/s", .negative),
        ("1000000000.000001/s", .tooHigh), ("1000000001/s", .tooHigh), ("60000000001/m", .tooHigh),
        ("99999999999999999999999999/s", .tooHigh), ("0.0000001/s", .tooFine),
    ]

    @Test(arguments: others)
    func saysWhatIsWrong(_ text: String, _ problem: RateText.Problem) {
        #expect(throws: problem) { try RateText.rate(of: text) }
    }

    /// What is proposed for text that is no rate; nil where only the units are told.
    @Test(
        arguments: [
            ("100 /s", "100/s"), ("1_000/s", "1000/s"), ("10 rps", "10/s"), ("10 per second", nil), ("100", nil),
            ("1,5/sec", "1.5/s"), ("60/min", "60/m"), ("100/hour", nil), ("fast", nil),
        ] as [(String, String?)])
    func proposesTheFormOfPlans(_ text: String, _ form: String?) throws {
        do throws(RateText.Problem) {
            _ = try RateText.rate(of: text)
            Issue.record("\(text) is a rate")
        } catch {
            #expect(RateText.help(for: text, error) == form.map { "did you mean '\($0)'?" } ?? RateText.unitsInWords)
        }
    }

    @Test func comparesWithoutRounding() throws {
        let third = Rate(count: 333_333_333_333_333_333, perNanoseconds: 1_000_000_000_000_000_000)
        let more = Rate(count: 1, perNanoseconds: 3)
        #expect(third < more && !(more < third) && Rate.zero < third)
    }
}
