/// The functions of strings. Positions count code points; bytes are searched, since UTF-8 never matches amid a character.
extension Arguments {
    func ofStrings() throws(EvaluationError) -> Value {
        if function == .join { return .string(try join()) }
        let text = try string(first)
        switch function {
        case .startsWith: return .bool(text.utf8.starts(with: try string(second).utf8))
        case .endsWith: return .bool(text.utf8.reversed().starts(with: try string(second).utf8.reversed()))
        case .contains: return .bool(text.firstOffset(of: try string(second), from: 0) != nil)
        case .charAt: return .string(try charAt(text))
        case .indexOf: return .int(try indexOf(text))
        case .lastIndexOf: return .int(try lastIndexOf(text))
        case .lowerAscii:
            return .string(text.mappingASCII { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 })
        case .upperAscii:
            return .string(text.mappingASCII { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 ? $0 & ~0x20 : $0 })
        case .replace: return .string(try replace(text))
        case .split: return .list(try split(text).map(Value.string))
        case .substring: return .string(try substring(text))
        default: return .string(text.trimmed)
        }
    }

    private func charAt(_ text: String) throws(EvaluationError) -> String {
        let scalars = text.unicodeScalars
        let position = try position(second, in: scalars)
        guard position < scalars.endIndex else { return "" }
        return String(Character(scalars[position]))
    }

    private func substring(_ text: String) throws(EvaluationError) -> String {
        let scalars = text.unicodeScalars
        let start = try position(second, in: scalars)
        let end = try third.map { end throws(EvaluationError) in try position(end, in: scalars) } ?? scalars.endIndex
        guard start <= end else {
            throw error(.invalidArgument("substring starts at \((second ?? .null).shown), behind its end"))
        }
        return String(scalars[start..<end])
    }

    /// The place before a code point, or behind the last one.
    private func position(
        _ value: Value?, in scalars: String.UnicodeScalarView
    ) throws(EvaluationError) -> String.Index {
        let offset = try int(value)
        guard offset >= 0, offset <= Int64(scalars.count),
            let position = scalars.index(scalars.startIndex, offsetBy: Int(offset), limitedBy: scalars.endIndex)
        else {
            throw error(
                .invalidArgument(
                    "\(function.rawValue): position \(offset) is out of range, the string has \(scalars.count)"))
        }
        return position
    }

    private func indexOf(_ text: String) throws(EvaluationError) -> Int64 {
        let start = try third.map { start throws(EvaluationError) in try position(start, in: text.unicodeScalars) }
        let from = text.utf8.distance(from: text.startIndex, to: start ?? text.startIndex)
        guard let found = text.firstOffset(of: try string(second), from: from) else { return -1 }
        return text.codePoints(before: found)
    }

    /// The last occurrence that starts at or before a position.
    private func lastIndexOf(_ text: String) throws(EvaluationError) -> Int64 {
        let limit = try third.map { limit throws(EvaluationError) in try position(limit, in: text.unicodeScalars) }
        let last = text.utf8.distance(from: text.startIndex, to: limit ?? text.endIndex)
        guard let found = text.lastOffset(of: try string(second), upTo: last) else { return -1 }
        return text.codePoints(before: found)
    }

    private func join() throws(EvaluationError) -> String {
        let separator = try second.map { separator throws(EvaluationError) in try string(separator) } ?? ""
        var joined = ""
        for (place, element) in try list(first).enumerated() {
            if place > 0 { joined += separator }
            joined += try string(element)
            try code.checkSize(joined.utf8.count, at: index)
        }
        return joined
    }

    /// Negative: all. An empty text stands before, between and after all code points.
    private func replace(_ text: String) throws(EvaluationError) -> String {
        let old = try string(second)
        let new = try string(third)
        let limit = try fourth.map { limit throws(EvaluationError) in try int(limit) } ?? -1
        let count = limit < 0 ? Int64.max : limit
        if old.isEmpty { return try interspersing(new, in: text, limit: count) }
        let pieces = try pieces(of: text, at: old, limit: count == .max ? .max : count + 1)
        try code.checkSize(
            pieces.reduce(0) { $0 + $1.utf8.count } + (pieces.count - 1) * new.utf8.count, at: index)
        return pieces.joined(separator: new)
    }

    /// `new` before, between and after all code points, in so many of these places at most.
    private func interspersing(_ new: String, in text: String, limit: Int64) throws(EvaluationError) -> String {
        let scalars = text.unicodeScalars
        var places = Int(min(Int64(scalars.count) + 1, limit))
        let size = text.utf8.count + places * new.utf8.count
        try code.checkSize(size, at: index)
        var result = ""
        result.reserveCapacity(size)
        for scalar in scalars {
            if places > 0 { result += new }
            places -= 1
            result.unicodeScalars.append(scalar)
        }
        return places > 0 ? result + new : result
    }

    /// Negative: all; 0: an empty list. An empty separator takes the text apart into code points.
    private func split(_ text: String) throws(EvaluationError) -> [String] {
        let separator = try string(second)
        let limit = try third.map { limit throws(EvaluationError) in try int(limit) } ?? -1
        if limit == 0 { return [] }
        guard separator.isEmpty else {
            return try pieces(of: text, at: separator, limit: limit < 0 ? .max : limit)
        }
        let scalars = text.unicodeScalars
        try code.checkCount(scalars.count, at: index)
        guard limit > 0, limit < Int64(scalars.count) else { return scalars.map { String(Character($0)) } }
        let rest = scalars.index(scalars.startIndex, offsetBy: Int(limit) - 1)
        return scalars[..<rest].map { String(Character($0)) } + [String(scalars[rest...])]
    }

    private func pieces(of text: String, at separator: String, limit: Int64) throws(EvaluationError) -> [String] {
        var pieces: [String] = []
        var start = 0
        while Int64(pieces.count) + 1 < limit, let found = text.firstOffset(of: separator, from: start) {
            pieces.append(text.utf8Text(start..<found))
            start = found + separator.utf8.count
            try code.checkCount(pieces.count, at: index)
        }
        pieces.append(text.utf8Text(start..<text.utf8.count))
        return pieces
    }
}

extension String {
    /// The UTF-8 offset of the first occurrence at or after one, which has to be that of a code point or the end.
    func firstOffset(of needle: String, from start: Int) -> Int? {
        var text = self
        var needle = needle
        return text.withUTF8 { text in
            needle.withUTF8 { needle in
                let rest = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[start...]))
                return byteOffset(of: UnsafeRawBufferPointer(needle), in: rest).map { $0 + start }
            }
        }
    }

    /// The UTF-8 offset of the last occurrence that starts at or before one.
    func lastOffset(of needle: String, upTo last: Int) -> Int? {
        var found: Int?
        var start = 0
        while start <= last, let next = firstOffset(of: needle, from: start), next <= last {
            found = next
            start = next + 1
        }
        return found
    }

    fileprivate func codePoints(before offset: Int) -> Int64 {
        Int64(utf8.prefix(offset).count { $0 & 0b1100_0000 != 0b1000_0000 })
    }

    fileprivate func mappingASCII(_ transform: (UInt8) -> UInt8) -> String {
        String(decoding: utf8.map(transform), as: UTF8.self)
    }

    /// Without the white space of Unicode at both ends.
    fileprivate var trimmed: String {
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }
}
