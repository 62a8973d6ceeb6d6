/// The durations of the plan language: numbers, each with its unit, from the largest unit to the smallest: `1m30s`,
/// `250ms`, `1.5s`.
package enum DurationText {
    /// Why text is no duration.
    package enum Problem: Error, Hashable, Sendable {
        case empty
        /// A number without a unit.
        case missingUnit
        case unknownUnit(String)
        /// A unit stands behind a smaller one, or twice.
        case unitOutOfOrder(String)
        case negative
        case malformed
        case tooLong
    }

    /// The longest duration, 366 days: sums of it and the clock cannot overflow.
    package static let maximumNanoseconds: Int64 = 366 * 24 * 3_600_000_000_000

    private struct Unit {
        var name: String
        var nanoseconds: Int64
    }

    /// From the largest to the smallest.
    private static let units = [
        Unit(name: "h", nanoseconds: 3_600_000_000_000), Unit(name: "m", nanoseconds: 60_000_000_000),
        Unit(name: "s", nanoseconds: 1_000_000_000), Unit(name: "ms", nanoseconds: 1_000_000),
        Unit(name: "us", nanoseconds: 1_000),
    ]

    /// What the author of text that is no duration is told.
    package static func help(for text: String, _ problem: Problem) -> String {
        switch problem {
        case .negative: return "a duration is at least 0s"
        case .tooLong: return "a duration is at most \(maximumNanoseconds / 3_600_000_000_000)h, which is 366 days"
        case .unitOutOfOrder: return "units go from the largest to the smallest, each once, for example 1m30s"
        case .empty, .missingUnit, .unknownUnit, .malformed: break
        }
        if let form = ForeignQuantity.form(of: text, as: .time), (try? nanoseconds(of: form)) != nil {
            return "did you mean '\(form)'?"
        }
        return unitsInWords
    }

    /// What a duration looks like.
    package static let unitsInWords =
        "a duration has a unit (us, ms, s, m or h), for example 250ms, 2s or 1m30s"

    /// How the units are written.
    package static var unitNames: [String] { units.map(\.name) }

    /// The duration in nanoseconds; what a fraction has beyond them is cut off.
    package static func nanoseconds(of text: String) throws(Problem) -> Int64 {
        var rest = Array(text.utf8)[...]
        guard let first = rest.first else { throw .empty }
        if first == UInt8(ascii: "-") { throw .negative }
        var total: Int64 = 0
        var allowedUnits = units[...]
        while !rest.isEmpty {
            let whole = try number(takenFrom: &rest)
            let unit = try unit(takenFrom: &rest, among: allowedUnits)
            allowedUnits = allowedUnits[allowedUnits.index(after: unit)...]
            let part = try nanoseconds(whole, units[unit].nanoseconds)
            let sum = total.addingReportingOverflow(part)
            guard !sum.overflow, sum.partialValue <= maximumNanoseconds else { throw .tooLong }
            total = sum.partialValue
        }
        return total
    }

    private struct Decimal {
        var integer: Int64
        var fractionDigits: ArraySlice<UInt8>
    }

    private static func number(takenFrom rest: inout ArraySlice<UInt8>) throws(Problem) -> Decimal {
        let digits = rest.prefix(while: isDigit)
        guard !digits.isEmpty else { throw .malformed }
        rest = rest.dropFirst(digits.count)
        var integer: Int64 = 0
        for digit in digits {
            let (product, overflowed) = integer.multipliedReportingOverflow(by: 10)
            let (sum, overflowedToo) = product.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            guard !overflowed, !overflowedToo else { throw .tooLong }
            integer = sum
        }
        guard rest.first == UInt8(ascii: ".") else { return Decimal(integer: integer, fractionDigits: []) }
        let fraction = rest.dropFirst().prefix(while: isDigit)
        guard !fraction.isEmpty else { throw .malformed }
        rest = rest.dropFirst(1 + fraction.count)
        return Decimal(integer: integer, fractionDigits: fraction)
    }

    /// The index of the unit in `units`.
    private static func unit(
        takenFrom rest: inout ArraySlice<UInt8>, among allowed: ArraySlice<Unit>
    ) throws(Problem) -> Int {
        let letters = rest.prefix { !isDigit($0) }
        guard !letters.isEmpty else { throw .missingUnit }
        let name = String(decoding: letters, as: UTF8.self)
        rest = rest.dropFirst(letters.count)
        if let index = allowed.firstIndex(where: { $0.name == name }) { return index }
        guard name.utf8.allSatisfy({ $0 >= UInt8(ascii: "A") }) else { throw .malformed }
        guard units.contains(where: { $0.name == name }) else { throw .unknownUnit(name) }
        throw .unitOutOfOrder(name)
    }

    private static func nanoseconds(_ number: Decimal, _ unit: Int64) throws(Problem) -> Int64 {
        let (whole, overflowed) = number.integer.multipliedReportingOverflow(by: unit)
        guard !overflowed else { throw .tooLong }
        var fraction: Int64 = 0
        var place = unit
        for digit in number.fractionDigits {
            place /= 10
            if place == 0 { break }
            fraction += place * Int64(digit - UInt8(ascii: "0"))
        }
        let (sum, overflowedToo) = whole.addingReportingOverflow(fraction)
        guard !overflowedToo else { throw .tooLong }
        return sum
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension DurationText.Problem {
    /// What is wrong, for the end of a sentence that begins with the text: `'30' has no unit`.
    package var inWords: String {
        switch self {
        case .missingUnit: "has no unit"
        case .unknownUnit(let unit): "has the unknown unit '\(unit)'"
        case .unitOutOfOrder(let unit): "has '\(unit)' behind the same or a smaller unit"
        case .negative: "is negative"
        case .empty, .malformed: "is not a duration"
        case .tooLong: "is longer than a year"
        }
    }
}

extension DurationText {
    /// A duration as a plan would write it: in the largest unit that leaves no fraction, else in several.
    package static func text(ofNanoseconds nanoseconds: Int64) -> String {
        var text = ""
        var rest = nanoseconds
        for unit in units where rest >= unit.nanoseconds {
            text += "\(rest / unit.nanoseconds)\(unit.name)"
            rest %= unit.nanoseconds
        }
        return text.isEmpty ? "0s" : text
    }
}
