import LoadMetrics

/// Numbers as people read them.
enum NumberFormat {
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

    /// At least so many significant digits, and at most so many after the point: `1234`, `12.3`, `0.012`.
    static func significant(_ value: Double, _ digits: Int = 3) -> String {
        var decimals = digits - 1
        var bound = 10.0
        while decimals > 0, rounded(value.magnitude, decimals: decimals) >= bound {
            bound *= 10
            decimals -= 1
        }
        return fixed(value, decimals: value.magnitude < 1 && value != 0 ? digits : decimals)
    }

    private static func rounded(_ value: Double, decimals: Int) -> Double {
        let scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        return (value * scale).rounded() / scale
    }

    /// `812ns`, `81.2µs`, `1.24ms`, `2.00s`; from a minute on `1m30s`, `1h02m03s`.
    static func time(_ nanoseconds: Double, digits: Int = 3) -> String {
        if nanoseconds < 999.5 { return fixed(nanoseconds, decimals: digits > 3 ? digits - 3 : 0) + "ns" }
        for (unit, factor) in [("µs", 1e3), ("ms", 1e6)] {
            let text = significant(nanoseconds / factor, digits)
            if text != significant(1000, digits) { return text + unit }
            if nanoseconds / factor < 1000 { continue }
        }
        return seconds(nanoseconds / 1e9, digits: digits)
    }

    private static func seconds(_ seconds: Double, digits: Int) -> String {
        if seconds < 59.95 { return significant(seconds, digits) + "s" }
        let whole = UInt64(seconds.rounded())
        func padded(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let tail = "\(padded(whole % 60))s"
        return whole < 3600 ? "\(whole / 60)m\(tail)" : "\(whole / 3600)h\(padded(whole / 60 % 60))m\(tail)"
    }

    /// `512B`, `1.50KiB`, `20.0MiB`.
    static func bytes(_ bytes: Double, digits: Int = 3) -> String {
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
    static func percentage(_ share: Double, decimals: Int = 2) -> String {
        if share <= 0 { return "0%" }
        if share >= 1 { return "100%" }
        let text = fixed(share * 100, decimals: decimals)
        if text == fixed(0, decimals: decimals) { return "<" + fixed(0.01, decimals: 2) + "%" }
        if text == fixed(100, decimals: decimals) { return ">99.99%" }
        return text + "%"
    }

    /// `90`, `99.9`.
    static func plain(_ value: Double) -> String {
        let digits = value.description
        return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
    }

    /// - Parameter digits: how many significant ones.
    static func quantity(_ quantity: Quantity, digits: Int = 3) -> String {
        switch quantity.unit {
        case .count: plain(quantity.value)
        case .perSecond: significant(quantity.value, digits) + "/s"
        case .bytes: bytes(quantity.value, digits: digits)
        case .bytesPerSecond: bytes(quantity.value, digits: digits) + "/s"
        case .share: percentage(quantity.value, decimals: digits - 1)
        case .nanoseconds: time(quantity.value, digits: digits)
        }
    }

    /// A quantity with as many digits as it takes to tell it from another one, so that no `200ms` is not below `200ms`.
    static func quantity(_ quantity: Quantity, toldFrom other: Quantity) -> String {
        let candidates = (3...9).map { (Self.quantity(quantity, digits: $0), Self.quantity(other, digits: $0)) }
        guard quantity.value != other.value else { return candidates[0].0 }
        return (candidates.first { $0.0 != $0.1 } ?? candidates[candidates.count - 1]).0
    }
}
