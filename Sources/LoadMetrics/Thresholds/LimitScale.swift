import Diagnostics
import Quantities

/// The units in which one kind of limit is written, and what each of them is in the unit that is used inside.
struct LimitScale {
    /// What stands between an accepted text and its value.
    enum Problem: Equatable {
        case noNumber
        case noUnit
        case wrongUnit(String)
        case outOfRange(String)
    }

    enum Reading: Equatable {
        case value(Double)
        case failure(Problem)
    }

    /// One written unit. The power of ten is read with the digits, so that 99.9% is exactly what 0.999 is.
    struct WrittenUnit {
        /// Empty for a bare number.
        let name: String
        let powerOfTen: Int
        let factor: Double

        init(_ name: String, powerOfTen: Int = 0, factor: Double = 1) {
            self.name = name
            self.powerOfTen = powerOfTen
            self.factor = factor
        }

        var size: Double { (Double("1e\(powerOfTen)") ?? 1) * factor }
    }

    let unit: Quantity.Unit
    let writtenUnits: [WrittenUnit]
    /// What such a limit is called.
    let noun: String
    /// In words, what has to be written.
    let units: String
    let example: String
    /// What most likely is missing after a bare number.
    let usualUnit: String

    private static let durations = [
        WrittenUnit("ns"), WrittenUnit("us", powerOfTen: 3), WrittenUnit("µs", powerOfTen: 3),
        WrittenUnit("ms", powerOfTen: 6), WrittenUnit("s", powerOfTen: 9), WrittenUnit("m", powerOfTen: 10, factor: 6),
        WrittenUnit("h", powerOfTen: 11, factor: 36),
    ]

    private static func sizes(_ suffix: String) -> [WrittenUnit] {
        let decimal = [("B", 0), ("kB", 3), ("KB", 3), ("MB", 6), ("GB", 9)]
        let binary = [("KiB", 0x1p10), ("MiB", 0x1p20), ("GiB", 0x1p30)]
        return decimal.map { WrittenUnit($0.0 + suffix, powerOfTen: $0.1) }
            + binary.map { WrittenUnit($0.0 + suffix, factor: $0.1) }
    }

    static let count = LimitScale(
        unit: .count, writtenUnits: [WrittenUnit("")], noun: "a number", units: "a number without a unit",
        example: "100", usualUnit: "")
    static let time = LimitScale(
        unit: .nanoseconds, writtenUnits: durations, noun: "a time", units: "a time has one of ns, us, ms, s, m, h",
        example: "200ms",
        usualUnit: "ms")
    static let bytes = LimitScale(
        unit: .bytes, writtenUnits: sizes(""), noun: "a size",
        units: "a size has one of B, KB, MB, GB, KiB, MiB, GiB", example: "10MiB", usualUnit: "B")
    static let perSecond = LimitScale(
        unit: .perSecond,
        writtenUnits: [WrittenUnit("/s"), WrittenUnit("/m", factor: 1 / 60), WrittenUnit("/h", factor: 1 / 3600)],
        noun: "a rate", units: "a rate has one of /s, /m, /h", example: "1000/s", usualUnit: "/s")
    static let bytesPerSecond = LimitScale(
        unit: .bytesPerSecond, writtenUnits: sizes("/s"), noun: "a rate of data",
        units: "a rate of data is a size and /s", example: "1MiB/s", usualUnit: "B/s")
    static let share = LimitScale(
        unit: .share, writtenUnits: [WrittenUnit(""), WrittenUnit("%", powerOfTen: -2)],
        noun: "a share", units: "a share is a percentage or a number from 0 to 1", example: "99%", usualUnit: "%")

    /// Reads a number, perhaps with an exponent, and its unit; of times several, from the longest on (`1m30s`).
    static func parse(_ text: String, _ scale: LimitScale) -> Reading {
        var sum = 0.0
        var previous = Double.infinity
        var rest = Substring(text)
        repeat {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard decimal(String(digits)) != nil else { return .failure(.noNumber) }
            rest = rest[digits.endIndex...]
            let exponent = exponent(takenFrom: &rest)
            rest = rest.drop { $0 == " " }
            let name = scale.unit == .nanoseconds ? rest.prefix { !($0.isASCII && $0.isNumber) } : rest
            rest = rest[name.endIndex...]
            guard let written = scale.writtenUnits.first(where: { $0.name.hasSameBytes(as: String(name)) }) else {
                return .failure(name.isEmpty ? .noUnit : .wrongUnit(String(name)))
            }
            guard written.size < previous, let number = Double("\(digits)e\(written.powerOfTen + exponent)"),
                number.isFinite
            else { return .failure(.noNumber) }
            previous = written.size
            sum += number * written.factor
        } while !rest.isEmpty
        guard scale.unit != .share || sum <= 1 else {
            return .failure(.outOfRange("a share is at most 100% (or 1)" + (text.hasSuffix("%") ? "" : ": \(text)%")))
        }
        return .value(sum)
    }

    /// `e12`, `E+3` or `e-6` behind the digits of a number; 0 where none stands there. More digits than any number has are
    /// none.
    private static func exponent(takenFrom rest: inout Substring) -> Int {
        guard rest.first == "e" || rest.first == "E" else { return 0 }
        var behind = rest.dropFirst()
        let sign = behind.first == "-" ? -1 : 1
        if behind.first == "-" || behind.first == "+" { behind = behind.dropFirst() }
        let digits = behind.prefix { $0.isASCII && $0.isNumber }
        guard (1...4).contains(digits.count), let exponent = Int(digits) else { return 0 }
        rest = behind[digits.endIndex...]
        return sign * exponent
    }
}

extension LimitScale {
    /// A limit that is written as people write it elsewhere, in the form that it has here; nil for any other text.
    func form(of text: String) -> String? {
        let kind: ForeignQuantity.Kind =
            switch unit {
            case .count: .number
            case .nanoseconds: .time
            case .bytes, .bytesPerSecond: .size
            case .perSecond: .rate
            case .share: .share
            }
        guard let form = ForeignQuantity.form(of: text, as: kind), case .value = Self.parse(form, self) else {
            return nil
        }
        return form
    }

    /// Whether a limit of any kind has this unit.
    static func isUnit(_ name: String) -> Bool {
        [count, time, bytes, perSecond, bytesPerSecond, share].contains { scale in
            scale.writtenUnits.contains { !$0.name.isEmpty && $0.name.hasSameBytes(as: name) }
        }
    }
}

/// Digits with at most one point between them; nil for anything else.
func decimal(_ text: String) -> Double? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }),
        text.utf8.count <= 30
    else { return nil }
    return Double(text)
}
