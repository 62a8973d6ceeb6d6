import Quantities
import Testing

struct SizeTextTests {
    @Test(arguments: [
        ("0B", 0), ("1B", 1), ("64KiB", 65_536), ("1MB", 1_000_000), ("1.5KiB", 1_536), ("0.0001kB", 0),
        ("16MiB", 16 << 20),
        ("1GiB", 1 << 30), ("10GB", 10_000_000_000), ("0.123456789123GB", 123_456_789),
        ("8589934591GiB", 8_589_934_591 << 30),
    ])
    func reads(_ text: String, _ bytes: Int) throws {
        #expect(try SizeText.bytes(of: text) == bytes)
    }

    static let others: [(String, SizeText.Problem)] = [
        ("", .empty), ("30", .missingUnit), ("1.5", .missingUnit), ("2TiB", .unknownUnit("TiB")),
        ("2mib", .unknownUnit("mib")),
        ("30 KiB", .malformed), ("1KiB1B", .malformed), ("-1B", .negative), ("B", .malformed), (".5B", .malformed),
        ("1.B", .malformed), ("+1B", .malformed), ("8589934592GiB", .tooLarge), ("99999999999999999999B", .tooLarge),
    ]

    @Test(arguments: others)
    func saysWhatIsWrong(_ text: String, _ problem: SizeText.Problem) {
        #expect(throws: problem) { try SizeText.bytes(of: text) }
    }

    /// What is proposed for text that is no size; nil where only the units are told.
    @Test(
        arguments: [
            ("30 KiB", "30KiB"), ("2mib", "2MiB"), ("64kb", "64KB"), ("1,5MB", "1.5MB"), ("1_024B", "1024B"),
            ("4k", "4KB"),
            ("10 bytes", "10B"), ("64", nil), ("2TiB", nil), ("big", nil),
        ] as [(String, String?)])
    func proposesTheFormOfPlans(_ text: String, _ form: String?) throws {
        do throws(SizeText.Problem) {
            _ = try SizeText.bytes(of: text)
            Issue.record("\(text) is a size")
        } catch {
            let help = SizeText.help(for: text, error)
            #expect(form.map { help == "did you mean '\($0)'?" } ?? help.hasPrefix("a size has a unit"), "\(help)")
        }
    }

    @Test(arguments: [(0, "0B"), (1, "1B"), (1_000, "1KB"), (1_024, "1KiB"), (16 << 20, "16MiB"), (1_500, "1500B")])
    func writes(_ bytes: Int, _ text: String) {
        #expect(SizeText.text(ofBytes: bytes) == text)
    }
}
