/// Times as RFC 3339 writes them, in the proleptic Gregorian calendar without leap seconds.
enum Timestamp {
    /// `2026-01-31T12:00:00.123Z`, of nanoseconds since 1970.
    static func iso(nanoseconds: Int64) -> String {
        let milliseconds = floorDivide(nanoseconds, by: 1_000_000)
        let days = floorDivide(milliseconds, by: 86_400_000)
        let ofDay = milliseconds - days * 86_400_000
        let (year, month, day) = civil(days: days)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let (hour, minute, second) = (ofDay / 3_600_000, ofDay / 60_000 % 60, ofDay / 1000 % 60)
        return "\(date)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)).\(padded(ofDay % 1000, 3))Z"
    }

    /// Nanoseconds since 1970 of a date and time with `Z` or an offset; nil where it is none, or before 1678 or after
    /// 2261, which Int64 does not hold.
    static func parse(_ text: String) -> Int64? {
        var reader = Reader(bytes: Array(text.utf8))
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), reader.take("Tt "), let hour = reader.digits(2), reader.take(":"),
            let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2),
            1...12 ~= month, 1...daysOfMonth(month, year: year) ~= day, hour < 24, minute < 60, second < 60
        else { return nil }
        guard let fraction = reader.take(".") ? reader.fraction() : 0, let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let seconds = days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = nanoseconds.addingReportingOverflow(fraction)
        return overflow || carry ? nil : sum
    }

    /// The quotient rounded down, so that times before 1970 fall into the right second.
    static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }

    // MARK: - Calendar

    /// Days since 1970-01-01. Years start in March here, so that the leap day is their last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    private static func daysOfMonth(_ month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    // MARK: - Text

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        var isAtEnd: Bool { place == bytes.count }

        mutating func digit() -> Int64? {
            guard place < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[place] else { return nil }
            place += 1
            return Int64(bytes[place - 1] - UInt8(ascii: "0"))
        }

        mutating func digits(_ count: Int) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<count {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        mutating func take(_ characters: String) -> Bool {
            guard place < bytes.count, characters.utf8.contains(bytes[place]) else { return false }
            place += 1
            return true
        }

        /// Nanoseconds; digits beyond them are cut off.
        mutating func fraction() -> Int64? {
            guard var value = digit() else { return nil }
            var count = 1
            while let digit = digit() {
                if count < 9 { value = value * 10 + digit }
                count += 1
            }
            for _ in min(count, 9)..<9 { value *= 10 }
            return value
        }

        /// Seconds that the place is ahead of UTC.
        mutating func offset() -> Int64? {
            if take("Zz") { return 0 }
            let isBehind = place < bytes.count && bytes[place] == UInt8(ascii: "-")
            guard take("+-"), let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60
            else { return nil }
            return (isBehind ? -1 : 1) * (hours * 3600 + minutes * 60)
        }
    }
}
