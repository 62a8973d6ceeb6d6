/// What an unquoted YAML scalar means by its form: the core schema of YAML 1.2, section 10.3.2.
///
/// One form is narrower than there: digits behind a leading zero (`012`) are text, since they are more likely part of
/// an identifier than a number, and readers of YAML 1.1 take them for octal.
enum CoreSchema {
    static func kind(ofPlain text: String) -> PlanNode.Scalar.Kind {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return number(Array(text.utf8)) ?? .string
        }
    }

    private static func number(_ text: [UInt8]) -> PlanNode.Scalar.Kind? {
        guard let first = text.first, isDigit(first) || "+-.".utf8.contains(first) else { return nil }
        if text.starts(with: "0x".utf8) { return unsigned(text[2...], radix: 16) }
        if text.starts(with: "0o".utf8) { return unsigned(text[2...], radix: 8) }
        if let special = special(text) { return .double(special) }
        guard isDecimal(text) else { return nil }
        let digits = String(decoding: text, as: UTF8.self)
        if let integer = Int64(digits) { return .int(integer) }
        return Double(digits).map { .double($0) }
    }

    /// `.inf` and `.nan`.
    private static func special(_ text: [UInt8]) -> Double? {
        switch String(decoding: text, as: UTF8.self) {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .infinity
        case "-.inf", "-.Inf", "-.INF": -.infinity
        case ".nan", ".NaN", ".NAN": .nan
        default: nil
        }
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` without a superfluous zero in front.
    private static func isDecimal(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func dropDigits() -> Int {
            let digits = rest.prefix(while: isDigit)
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let integerDigits = dropDigits()
        if startsWithZero, integerDigits > 1 { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            if dropDigits() == 0, integerDigits == 0 { return false }
        } else if integerDigits == 0 {
            return false
        }
        if let exponent = rest.first, "eE".utf8.contains(exponent) {
            rest = rest.dropFirst()
            if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
            if dropDigits() == 0 { return false }
        }
        return rest.isEmpty
    }

    private static func unsigned(_ digits: ArraySlice<UInt8>, radix: Int) -> PlanNode.Scalar.Kind? {
        guard !digits.isEmpty else { return nil }
        var exact: Int64? = 0
        var rounded = 0.0
        for byte in digits {
            guard let digit = hexadecimalValue(of: byte), digit < radix else { return nil }
            rounded = rounded * Double(radix) + Double(digit)
            exact = exact.flatMap { value in
                let (product, overflow) = value.multipliedReportingOverflow(by: Int64(radix))
                return overflow ? nil : product + Int64(digit)
            }
        }
        return exact.map { .int($0) } ?? .double(rounded)
    }
}

func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

/// The value of a hexadecimal digit of either case.
func hexadecimalValue(of byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
}
