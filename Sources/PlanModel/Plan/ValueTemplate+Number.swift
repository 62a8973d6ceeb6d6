extension ValueTemplate.Number {
    /// A number of a plan, which JSON sends as it was written wherever that is JSON.
    init(_ value: Value, writtenAs text: String) {
        self.value = value
        if Self.isJSONNumber(text) {
            json = text
        } else {
            switch value {
            case .int(let value): json = String(value)
            case .double(let value): json = value.isFinite ? "\(value)" : nil
            }
        }
    }

    /// RFC 8259 §6.
    private static func isJSONNumber(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        func takeDigits() -> Int {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leadsWithZero = rest.first == UInt8(ascii: "0")
        let integerDigits = takeDigits()
        guard integerDigits > 0, integerDigits == 1 || !leadsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
