/// The sizes of the plan language: a number with its unit, `64KiB`, `1.5MB`. Units with an `i` count in steps of 1,024,
/// the others in steps of 1,000.
package enum SizeText {
    /// Why text is no size.
    package enum Problem: Error, Hashable, Sendable {
        case empty
        /// A number without a unit.
        case missingUnit
        case unknownUnit(String)
        case negative
        case malformed
        /// Beyond 2^63 − 1 bytes.
        case tooLarge
    }

    /// From the largest of each kind to the smallest.
    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("kB", 1_000), ("B", 1),
    ]

    /// What the author of text that is no size is told.
    package static func help(for text: String, _ problem: Problem) -> String {
        switch problem {
        case .negative, .tooLarge: return "a size is at least 0B, and less than 2^63 bytes"
        case .empty, .missingUnit, .unknownUnit, .malformed: break
        }
        if let form = ForeignQuantity.form(of: text, as: .size), (try? bytes(of: form)) != nil {
            return "did you mean '\(form)'?"
        }
        return unitsInWords
    }

    /// What a size looks like.
    package static let unitsInWords =
        "a size has a unit (B, KB, MB, GB, or KiB, MiB, GiB for steps of 1,024), for example 64KiB or 1MB"

    /// How the units are written.
    package static var unitNames: [String] { units.map(\.name) }

    /// The size in bytes; what a fraction has beyond them is cut off.
    package static func bytes(of text: String) throws(Problem) -> Int {
        var rest = Array(text.utf8)[...]
        guard let first = rest.first else { throw .empty }
        if first == UInt8(ascii: "-") { throw .negative }
        let whole = try digits(takenFrom: &rest)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = try digits(takenFrom: &rest)
        }
        guard !rest.isEmpty else { throw .missingUnit }
        let name = String(decoding: rest, as: UTF8.self)
        guard rest.allSatisfy({ $0 > UInt8(ascii: " ") && !isDigit($0) }) else { throw .malformed }
        guard let unit = units.first(where: { $0.name == name }) else { throw .unknownUnit(name) }
        var total = 0
        for digit in whole {
            let (product, overflowed) = total.multipliedReportingOverflow(by: 10)
            let (sum, overflowedToo) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !overflowed, !overflowedToo else { throw .tooLarge }
            total = sum
        }
        let (bytes, overflowed) = total.multipliedReportingOverflow(by: unit.bytes)
        let (sum, overflowedToo) = bytes.addingReportingOverflow(part(fraction, of: unit.bytes))
        guard !overflowed, !overflowedToo else { throw .tooLarge }
        return sum
    }

    private static func digits(takenFrom rest: inout ArraySlice<UInt8>) throws(Problem) -> ArraySlice<UInt8> {
        let digits = rest.prefix(while: isDigit)
        guard !digits.isEmpty else { throw .malformed }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    /// 0.`fraction` of a unit. Nine digits are more than a unit has bytes.
    private static func part(_ fraction: ArraySlice<UInt8>, of unit: Int) -> Int {
        var (numerator, denominator) = (0, 1)
        for digit in fraction.prefix(9) {
            numerator = numerator * 10 + Int(digit - UInt8(ascii: "0"))
            denominator *= 10
        }
        return unit * numerator / denominator
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// A size as a plan would write it: in the largest unit that leaves no fraction.
    package static func text(ofBytes bytes: Int) -> String {
        guard let unit = units.first(where: { bytes.isMultiple(of: $0.bytes) }), bytes != 0 else { return "\(bytes)B" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}

extension SizeText.Problem {
    /// What is wrong, for the end of a sentence that begins with the text: `'30' has no unit`.
    package var inWords: String {
        switch self {
        case .missingUnit: "has no unit"
        case .unknownUnit(let unit): "has the unknown unit '\(unit)'"
        case .negative: "is negative"
        case .empty, .malformed: "is not a size"
        case .tooLarge: "is more than there can be"
        }
    }
}
