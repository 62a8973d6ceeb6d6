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

    let unit: Quantity.Unit
    /// How many of `unit` one of each written unit is. The empty one stands for a bare number.
    let factors: [(name: String, factor: Double)]
    /// In words, what has to be written.
    let units: String
    let example: String
    /// What most likely is missing after a bare number.
    let usualUnit: String

    private static let durations: [(name: String, factor: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]
    private static let sizes: [(name: String, factor: Double)] = [
        ("B", 1), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9),
        ("KiB", 0x1p10), ("MiB", 0x1p20), ("GiB", 0x1p30),
    ]

    static let count = LimitScale(
        unit: .count, factors: [("", 1)], units: "a number without a unit", example: "100", usualUnit: "")
    static let time = LimitScale(
        unit: .nanoseconds, factors: durations, units: "a time has one of ns, us, ms, s, m, h", example: "200ms",
        usualUnit: "ms")
    static let bytes = LimitScale(
        unit: .bytes, factors: sizes, units: "a size has one of B, KB, MB, GB, KiB, MiB, GiB", example: "10MiB",
        usualUnit: "B")
    static let perSecond = LimitScale(
        unit: .perSecond, factors: [("/s", 1), ("/m", 1.0 / 60), ("/h", 1.0 / 3600)],
        units: "a rate has one of /s, /m, /h", example: "1000/s", usualUnit: "/s")
    static let bytesPerSecond = LimitScale(
        unit: .bytesPerSecond, factors: sizes.map { ($0.name + "/s", $0.factor) },
        units: "a rate of data is a size and /s", example: "1MiB/s", usualUnit: "B/s")
    static let share = LimitScale(
        unit: .share, factors: [("", 1), ("%", 0.01)], units: "a share is a percentage or a number from 0 to 1",
        example: "99%", usualUnit: "%")

    /// Reads a number and its unit; of times several, from the longest on (`1m30s`).
    static func parse(_ text: String, _ scale: LimitScale) -> Reading {
        var sum = 0.0
        var previous = Double.infinity
        var rest = Substring(text)
        repeat {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = decimal(String(digits)) else { return .failure(.noNumber) }
            rest = rest[digits.endIndex...].drop { $0 == " " }
            let written = scale.unit == .nanoseconds ? rest.prefix { !($0.isASCII && $0.isNumber) } : rest
            rest = rest[written.endIndex...]
            guard let factor = scale.factors.first(where: { $0.name.hasSameBytes(as: String(written)) })?.factor else {
                return .failure(written.isEmpty ? .noUnit : .wrongUnit(String(written)))
            }
            guard factor < previous else { return .failure(.noNumber) }
            previous = factor
            // Dividing keeps 99% at 0.99, where multiplying by 0.01 would not.
            sum += factor < 1 ? number / (1 / factor).rounded() : number * factor
        } while !rest.isEmpty
        guard scale.unit != .share || sum <= 1 else {
            return .failure(.outOfRange("a share is at most 100% (or 1)" + (text.hasSuffix("%") ? "" : ": \(text)%")))
        }
        return .value(sum)
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
