/// `size` and the conversions between types, as in CEL.
extension Arguments {
    func converted() throws(EvaluationError) -> Value {
        switch function {
        case .size: return .int(try size())
        case .int: return .int(try int())
        case .uint: return .uint(try uint())
        case .double: return .double(try double())
        case .string: return .string(try string())
        case .bytes: return .bytes(try bytes(first))
        case .bool: return .bool(try bool())
        default: return first
        }
    }

    /// Code points of a string, bytes, elements or entries.
    private func size() throws(EvaluationError) -> Int64 {
        switch first {
        case .string(let value): Int64(value.unicodeScalars.count)
        case .bytes(let value): Int64(value.count)
        case .list(let value): Int64(value.count)
        case .map(let value): Int64(value.count)
        default: throw wrongType(first)
        }
    }

    /// A double is cut off towards zero. Neither end of the range is one that a double tells from its neighbours outside, so
    /// neither is in it.
    private func int() throws(EvaluationError) -> Int64 {
        let result: Int64? =
            switch first {
            case .int(let value): value
            case .uint(let value): Int64(exactly: value)
            case .double(let value): value > -0x1p63 ? Int64(exactly: value.rounded(.towardZero)) : nil
            case .string(let value): Int64(value)
            default: throw wrongType(first)
            }
        guard let result else { throw error(.cannotConvert(first.shown, to: "an int")) }
        return result
    }

    private func uint() throws(EvaluationError) -> UInt64 {
        let result: UInt64? =
            switch first {
            case .int(let value): UInt64(exactly: value)
            case .uint(let value): value
            case .double(let value): value >= 0 ? UInt64(exactly: value.rounded(.towardZero)) : nil
            case .string(let value): value.hasPrefix("+") || value.hasPrefix("-") ? nil : UInt64(value)
            default: throw wrongType(first)
            }
        guard let result else { throw error(.cannotConvert(first.shown, to: "a uint")) }
        return result
    }

    private func double() throws(EvaluationError) -> Double {
        if let number = first.asDouble { return number }
        let text = try string(first)
        // Of what Swift reads, hexadecimal digits are no number here.
        let isPlain = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        let finite = isPlain ? Double(text).flatMap { $0.isFinite ? $0 : nil } : nil
        guard let number = finite ?? Self.numberWords[text.lowercased()] else {
            throw error(.cannotConvert(first.shown, to: "a double"))
        }
        return number
    }

    /// The numbers that have no digits; in capitals or not.
    private static let numberWords = [
        "nan": Double.nan, "inf": .infinity, "+inf": .infinity, "-inf": -.infinity, "infinity": .infinity,
        "+infinity": .infinity, "-infinity": -.infinity,
    ]

    private func string() throws(EvaluationError) -> String {
        switch first {
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw error(.cannotConvert("bytes that are not valid UTF-8", to: "a string"))
            }
            return text
        case .null, .list, .map: throw wrongType(first)
        default: return first.text ?? ""
        }
    }

    private func bool() throws(EvaluationError) -> Bool {
        if case .bool(let value) = first { return value }
        switch try string(first) {
        case "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        default: throw error(.cannotConvert(first.shown, to: "a bool"))
        }
    }
}
