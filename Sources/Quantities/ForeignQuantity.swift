/// Quantities as people write them elsewhere, in the form that plans have: for the help of a diagnostic, which proposes
/// it where it is right.
package enum ForeignQuantity {
    package enum Kind: Sendable {
        case number
        case time
        case size
        case rate
        case share
    }

    /// `1,5 sec` → `1.5s`, `1_000 msgs/s` → `1000/s`. Nil for what is in that form already, and for what nobody writes.
    package static func form(of text: String, as kind: Kind) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 60 else { return nil }
        var rest = bytes.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }[...]
        var result = ""
        while !rest.isEmpty {
            let number = rest.prefix(while: isNumberByte)
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !isNumberByte($0) }
            rest = rest.dropFirst(unit.count)
            guard let digits = digits(of: number), let part = part(digits, unit, kind) else { return nil }
            result += part
        }
        return result.isEmpty || result == text ? nil : result
    }

    private static func part(_ digits: String, _ unit: ArraySlice<UInt8>, _ kind: Kind) -> String? {
        let name = String(decoding: unit, as: UTF8.self)
        if name.isEmpty { return digits }
        // `1/s` has its slash in the unit; what is counted may be named before it.
        let counted = name.lastIndex(of: "/").map { String(name[$0...]) }
        switch kind {
        case .number: return nil
        case .time:
            if ["d", "day", "days"].contains(name.lowercased()) { return hours(ofDays: digits) }
            return timeUnits[name.lowercased()].map { digits + $0 }
        case .size:
            let size = counted.map { String(name.dropLast($0.count)) } ?? name
            guard let unit = sizeUnits[size.lowercased()] else { return nil }
            guard let counted else { return digits + unit }
            return rateUnits[counted.lowercased()] == "/s" ? digits + unit + "/s" : nil
        case .rate: return rateUnits[(counted ?? name).lowercased()].map { digits + $0 }
        case .share: return ["%", "percent", "pct"].contains(name.lowercased()) ? digits + "%" : nil
        }
    }

    /// `2` as `48h`; nil for what is no whole number of days, or one beyond all hours.
    private static func hours(ofDays digits: String) -> String? {
        guard let (hours, overflow) = Int(digits)?.multipliedReportingOverflow(by: 24), !overflow else { return nil }
        return "\(hours)h"
    }

    private static let timeUnits: [String: String] = [
        "ns": "ns", "us": "us", "ms": "ms", "s": "s", "m": "m", "h": "h",
        "µs": "us", "μs": "us", "usec": "us", "microseconds": "us",
        "msec": "ms", "msecs": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
        "sec": "s", "secs": "s", "second": "s", "seconds": "s",
        "min": "m", "mins": "m", "minute": "m", "minutes": "m",
        "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    ]
    private static let sizeUnits: [String: String] = [
        "b": "B", "byte": "B", "bytes": "B", "k": "KB", "kb": "KB", "m": "MB", "mb": "MB", "g": "GB", "gb": "GB",
        "ki": "KiB", "kib": "KiB", "mi": "MiB", "mib": "MiB", "gi": "GiB", "gib": "GiB",
    ]
    private static let rateUnits: [String: String] = [
        "/s": "/s", "/sec": "/s", "/second": "/s", "ps": "/s", "rps": "/s",
        "/m": "/m", "/min": "/m", "/minute": "/m", "rpm": "/m", "/h": "/h", "/hr": "/h", "/hour": "/h",
    ]

    /// A number with a decimal point and without marks between its digits. A lone comma before three digits groups them,
    /// any other one is a decimal comma.
    private static func digits(of number: ArraySlice<UInt8>) -> String? {
        let (comma, point) = (UInt8(ascii: ","), UInt8(ascii: "."))
        var bytes = number.filter { $0 != UInt8(ascii: "_") }
        if let last = bytes.lastIndex(of: comma) {
            let isGrouping = bytes.count - last == 4 || bytes.count { $0 == comma } > 1
            if let lastPoint = bytes.lastIndex(of: point) {
                let grouping = lastPoint > last ? comma : point
                bytes = bytes.filter { $0 != grouping }.map { $0 == comma ? point : $0 }
            } else if isGrouping {
                bytes.removeAll { $0 == comma }
            } else {
                bytes[last] = point
            }
        }
        guard bytes.contains(where: { $0 != point }), bytes.count(where: { $0 == point }) <= 1 else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return (text.hasPrefix(".") ? "0" : "") + text
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || ".,_".utf8.contains(byte)
    }
}
