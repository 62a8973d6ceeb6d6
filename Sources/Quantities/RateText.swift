/// The rates of the plan language: a number and what it counts in, `100/s`, `6000/m`, `0.5/s`.
package enum RateText {
    /// Why text is no rate.
    package enum Problem: Error, Hashable, Sendable {
        case empty
        /// A number without a unit.
        case missingUnit
        case unknownUnit(String)
        case negative
        case malformed
        /// More often than once in a nanosecond.
        case tooHigh
        /// More digits behind the point than fit.
        case tooFine
    }

    /// With more of them, the time that a rate counts in would not fit into 63 bits.
    private static let fractionDigits = 6

    private static let units: [(name: String, nanoseconds: Int64)] = [("/s", 1_000_000_000), ("/m", 60_000_000_000)]

    /// What the author of text that is no rate is told.
    package static func help(for text: String, _ problem: Problem) -> String {
        switch problem {
        case .negative: return "a rate is at least 0/s"
        case .tooHigh: return "a rate is at most 1000000000/s"
        case .tooFine: return "a rate has at most \(fractionDigits) digits behind the point"
        case .empty, .missingUnit, .unknownUnit, .malformed: break
        }
        if let form = ForeignQuantity.form(of: text, as: .rate), (try? rate(of: form)) != nil {
            return "did you mean '\(form)'?"
        }
        return unitsInWords
    }

    /// What a rate looks like.
    package static let unitsInWords = "a rate has a unit (/s or /m), for example 100/s or 6000/m"

    /// The rate, exactly as written.
    package static func rate(of text: String) throws(Problem) -> Rate {
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
        guard rest.allSatisfy({ $0 > UInt8(ascii: " ") && !isDigit($0) }) else { throw .malformed }
        let name = String(decoding: rest, as: UTF8.self)
        guard let unit = units.first(where: { $0.name == name }) else { throw .unknownUnit(name) }
        while fraction.last == UInt8(ascii: "0") { fraction = fraction.dropLast() }
        guard fraction.count <= fractionDigits else { throw .tooFine }
        var (count, scale): (Int64, Int64) = (0, 1)
        for digit in whole {
            count = count * 10 + Int64(digit - UInt8(ascii: "0"))
            guard count <= unit.nanoseconds else { throw .tooHigh }
        }
        for digit in fraction {
            count = count * 10 + Int64(digit - UInt8(ascii: "0"))
            scale *= 10
        }
        guard count <= scale * unit.nanoseconds else { throw .tooHigh }
        return Rate(count: count, perNanoseconds: scale * unit.nanoseconds)
    }

    private static func digits(takenFrom rest: inout ArraySlice<UInt8>) throws(Problem) -> ArraySlice<UInt8> {
        let digits = rest.prefix(while: isDigit)
        guard !digits.isEmpty else { throw .malformed }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// A rate as a plan would write it: per second where that is a decimal number, else per minute.
    package static func text(of rate: Rate) -> String {
        for unit in units {
            var scale: Int64 = 1
            for digits in 0...fractionDigits {
                let (high, low) = rate.count.multipliedFullWidth(by: scale * unit.nanoseconds)
                let (quotient, remainder) = rate.perNanoseconds.dividingFullWidth((high, low))
                if remainder == 0 { return decimal(quotient, fractionDigits: digits) + unit.name }
                scale *= 10
            }
        }
        return "\(rate.perSecond)/s"
    }

    private static func decimal(_ digits: Int64, fractionDigits: Int) -> String {
        guard fractionDigits > 0 else { return String(digits) }
        let text = String(digits)
        let padded = String(repeating: "0", count: max(0, fractionDigits + 1 - text.utf8.count)) + text
        return padded.dropLast(fractionDigits) + "." + padded.suffix(fractionDigits)
    }
}

extension RateText.Problem {
    /// What is wrong, for the end of a sentence that begins with the text: `'30' has no unit`.
    package var inWords: String {
        switch self {
        case .missingUnit: "has no unit"
        case .unknownUnit(let unit): "has the unknown unit '\(unit)'"
        case .negative: "is negative"
        case .empty, .malformed: "is not a rate"
        case .tooHigh: "is more than one in a nanosecond"
        case .tooFine: "is finer than a rate can be"
        }
    }
}
