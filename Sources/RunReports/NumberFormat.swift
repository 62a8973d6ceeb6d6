package import LoadMetrics

/// Numbers as people read them.
package enum NumberFormat {
    /// A decimal with a fixed number of digits after the point, rounded half away from zero.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 0x1p63 else { return String(value) }
        let digits = String(UInt64(scaled))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// So many significant digits, but all of those before the point: `1234`, `12.3`, `1.20`, `0.012`.
    static func significant(_ value: Double, _ digits: Int = 3) -> String {
        if rounded(value.magnitude, decimals: digits) < 1 { return fixed(value, decimals: value == 0 ? 0 : digits) }
        var decimals = digits - 1
        var bound = 10.0
        while decimals > 0, rounded(value.magnitude, decimals: decimals) >= bound {
            bound *= 10
            decimals -= 1
        }
        return fixed(value, decimals: decimals)
    }

    private static func rounded(_ value: Double, decimals: Int) -> Double {
        let scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        return (value * scale).rounded() / scale
    }

    /// `812ns`, `81.2µs`, `1.24ms`, `2.00s`; from a minute on `1m30s`, `1h02m03s`.
    package static func time(_ nanoseconds: Double, digits: Int = 3) -> String {
        for (unit, factor) in [("ns", 1), ("µs", 1e3), ("ms", 1e6)] {
            let value = nanoseconds / factor
            guard rounded(value, decimals: digits - 3) < 1000 else { continue }
            return (unit == "ns" ? fixed(value, decimals: digits - 3) : significant(value, digits)) + unit
        }
        return seconds(nanoseconds / 1e9, digits: digits)
    }

    private static func seconds(_ seconds: Double, digits: Int) -> String {
        if rounded(seconds, decimals: digits - 2) < 60 { return significant(seconds, digits) + "s" }
        guard seconds < 1e15 else { return plain(seconds) + "s" }
        let whole = UInt64(seconds.rounded())
        func padded(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let tail = "\(padded(whole % 60))s"
        return whole < 3600 ? "\(whole / 60)m\(tail)" : "\(whole / 3600)h\(padded(whole / 60 % 60))m\(tail)"
    }

    /// `512B`, `1.50KiB`, `20.0MiB`.
    package static func bytes(_ bytes: Double, digits: Int = 3) -> String {
        var value = bytes
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1024 {
                return (unit == "B" && digits <= 3 ? fixed(value, decimals: 0) : significant(value, digits)) + unit
            }
            value /= 1024
        }
        return significant(value, digits) + "TiB"
    }

    /// A share as a percentage. Only a whole one is `100%`, and only none is `0%`.
    package static func percentage(_ share: Double, decimals: Int = 2) -> String {
        if share <= 0 { return "0%" }
        if share >= 1 { return "100%" }
        let text = fixed(share * 100, decimals: decimals)
        if text == fixed(0, decimals: decimals) { return "<0.01%" }
        if text == fixed(100, decimals: decimals) { return ">99.99%" }
        return text + "%"
    }

    /// `90`, `99.9`.
    static func plain(_ value: Double) -> String {
        let digits = value.description
        return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
    }

    /// A number of the author's own: whole as it is, else to six significant digits.
    static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return withoutTrailingZeros(significant(value, 6))
    }

    /// - Parameter digits: how many significant ones.
    static func quantity(_ quantity: Quantity, digits: Int = 3) -> String {
        switch quantity.unit {
        case .count: number(quantity.value)
        case .perSecond: significant(quantity.value, digits) + "/s"
        case .bytes: bytes(quantity.value, digits: digits)
        case .bytesPerSecond: bytes(quantity.value, digits: digits) + "/s"
        case .share: percentage(quantity.value, decimals: digits - 1)
        case .nanoseconds: time(quantity.value, digits: digits)
        }
    }

    /// A quantity with as many digits as it takes to tell it from another one, so that no `200ms` fails `< 200.4ms`.
    package static func quantity(_ quantity: Quantity, toldFrom other: Quantity) -> String {
        let texts = (3...9).map { Self.quantity(quantity, digits: $0) }
        let isTold: (Int) -> Bool =
            if quantity.value == other.value {
                { withoutTrailingZeros(texts[$0]) == withoutTrailingZeros(texts[texts.count - 1]) }
            } else {
                { texts[$0] != Self.quantity(other, digits: $0 + 3) }
            }
        return texts[texts.indices.first(where: isTold) ?? 0]
    }

    /// `200.400ms` as `200.4ms`.
    private static func withoutTrailingZeros(_ text: String) -> String {
        guard let point = text.firstIndex(of: ".") else { return text }
        let digits = text[point...].dropFirst().prefix { $0.isNumber }
        let kept = digits.reversed().drop { $0 == "0" }.reversed()
        return text[..<point] + (kept.isEmpty ? "" : "." + String(kept)) + text[digits.endIndex...]
    }
}
