import Diagnostics

/// Reads scalars once more, from their source, to learn where each byte of what libyaml decoded came from.
///
/// YAML 1.2 sections 7.3 (flow scalars) and 8.1 (block scalars), with libyaml's line breaks: CR LF, CR, LF, NEL, and LS
/// and PS, which stay themselves where the others become LF.
struct YAMLScalarSource {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The text that libyaml decoded from `range`, with its places; the scalar itself is taken to span `span`. Should
    /// the two readings differ, the text is libyaml's and all of it stands for the whole range.
    func locate(
        _ text: [UInt8], style: PlanNode.Scalar.Style, in range: Range<Int>, span: SourceSpan
    ) -> LocatedText {
        let builder: LocatedTextBuilder? =
            switch style {
            case .plain: flowScalar(range, quote: nil)
            case .singleQuoted: flowScalar(range.inner, quote: UInt8(ascii: "'"))
            case .doubleQuoted: flowScalar(range.inner, quote: UInt8(ascii: "\""))
            case .literal, .folded: blockScalar(text, range, isFolded: style == .folded)
            }
        if let builder, builder.bytes == text { return builder.build(at: span) }
        var whole = LocatedTextBuilder()
        whole.append(text, replacing: range)
        return whole.build(at: span)
    }

    // MARK: - Plain and quoted scalars

    /// `range` lies between the quotes, `quote` says which ones.
    private func flowScalar(_ range: Range<Int>, quote: UInt8?) -> LocatedTextBuilder {
        var builder = LocatedTextBuilder()
        var offset = range.lowerBound
        while offset < range.upperBound {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "'"), quote == byte {
                builder.append([byte], replacing: offset..<offset + 2)
                offset += 2
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                let length = lineBreak(at: offset + 1)?.length
                if let length {
                    let end = foldedSpace(
                        from: offset + 1 + length, to: range.upperBound, breaks: &builder, escapedAt: offset)
                    offset = end
                } else {
                    let escape = escape(at: offset)
                    builder.append(escape.text, replacing: offset..<offset + escape.length)
                    offset += escape.length
                }
            } else if isBlank(byte) || lineBreak(at: offset) != nil {
                offset = foldedSpace(from: offset, to: range.upperBound, breaks: &builder, escapedAt: nil)
            } else {
                builder.append(bytes[offset...offset], at: offset)
                offset += 1
            }
        }
        return builder
    }

    /// Appends what blanks and line breaks between two words mean: themselves on one line; else one line break is a
    /// space and of several the first is dropped. Behind an escaped line break (`escapedAt`) none is. Gives the offset of
    /// what follows them.
    private func foldedSpace(
        from start: Int, to limit: Int, breaks builder: inout LocatedTextBuilder, escapedAt: Int?
    ) -> Int {
        var offset = start
        var first: [UInt8]? = escapedAt == nil ? nil : []
        var following: [UInt8] = []
        while offset < limit {
            if let lineBreak = lineBreak(at: offset) {
                if first == nil { first = lineBreak.text } else { following += lineBreak.text }
                offset += lineBreak.length
            } else if isBlank(bytes[offset]) {
                offset += 1
            } else {
                break
            }
        }
        guard let first else {
            builder.append(bytes[start..<offset], at: start)
            return offset
        }
        let folded = first == [0x0A] ? (following.isEmpty ? [0x20] : following) : first + following
        builder.append(folded, replacing: (escapedAt ?? start)..<offset)
        return offset
    }

    /// The text and the source length of one escape of a double-quoted scalar (YAML 1.2 section 5.7).
    private func escape(at offset: Int) -> (text: [UInt8], length: Int) {
        guard offset + 1 < bytes.count else { return ([], 1) }
        let digitCount: Int
        switch bytes[offset + 1] {
        case UInt8(ascii: "x"): digitCount = 2
        case UInt8(ascii: "u"): digitCount = 4
        case UInt8(ascii: "U"): digitCount = 8
        case let letter:
            let scalar = Self.escapes[letter] ?? Unicode.Scalar(letter)
            return (Array(String(scalar).utf8), 2)
        }
        var value: UInt32 = 0
        for byte in bytes[(offset + 2)...].prefix(digitCount) {
            value = value << 4 | UInt32(hexadecimalValue(of: byte) ?? 0)
        }
        return (Unicode.Scalar(value).map { Array(String($0).utf8) } ?? [], 2 + digitCount)
    }

    private static let escapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "t"): "\t",
        0x09: "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "f"): "\u{C}",
        UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1B}", UInt8(ascii: "N"): "\u{85}",
        UInt8(ascii: "_"): "\u{A0}", UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
    ]

    // MARK: - Block scalars

    private func blockScalar(_ text: [UInt8], _ range: Range<Int>, isFolded: Bool) -> LocatedTextBuilder? {
        var offset = range.lowerBound + 1
        var chomping: UInt8?
        while offset < range.upperBound, lineBreak(at: offset) == nil {
            if bytes[offset] == UInt8(ascii: "#") { break }
            if bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { chomping = bytes[offset] }
            offset += 1
        }
        while offset < range.upperBound, lineBreak(at: offset) == nil { offset += 1 }
        offset += lineBreak(at: offset)?.length ?? 0
        let lines = lines(in: min(offset, range.upperBound)..<range.upperBound)
        return joined(
            lines, indentation: indentation(of: lines, decoded: text), isFolded: isFolded, chomping: chomping)
    }

    /// How many spaces belong to the layout: those of the first line with words that are not in the text.
    private func indentation(of lines: [Line], decoded text: [UInt8]) -> Int {
        let spaces = { (content: ArraySlice<UInt8>) in content.prefix { $0 == 0x20 }.count }
        guard let firstLine = lines.first(where: { spaces(bytes[$0.content]) < $0.content.count }) else { return .max }
        let decodedLine = text.split(separator: 0x0A).first { spaces($0) < $0.count }
        return max(0, spaces(bytes[firstLine.content]) - (decodedLine.map(spaces) ?? 0))
    }

    private func joined(
        _ lines: [Line], indentation: Int, isFolded: Bool, chomping: UInt8?
    ) -> LocatedTextBuilder {
        var builder = LocatedTextBuilder()
        /// The break of the last line with content, and those of the empty lines behind it.
        var pending: Line.Break?
        var empty: [Line.Break] = []
        var wasIndented = false
        for line in lines {
            let content = line.content.dropFirst(min(indentation, line.content.count))
            if content.isEmpty {
                if let lineBreak = line.lineBreak { empty.append(lineBreak) }
                continue
            }
            let isIndented = isBlank(bytes[content.lowerBound])
            if let last = pending {
                if isFolded, last.text == [0x0A], !wasIndented, !isIndented {
                    if empty.isEmpty { builder.append([0x20], replacing: last.range.lowerBound..<content.lowerBound) }
                } else {
                    builder.append(last.text, replacing: last.range)
                }
            }
            for lineBreak in empty { builder.append(lineBreak.text, replacing: lineBreak.range) }
            empty = []
            builder.append(bytes[content], at: content.lowerBound)
            wasIndented = isIndented
            pending = line.lineBreak
        }
        if chomping != UInt8(ascii: "-"), let pending { builder.append(pending.text, replacing: pending.range) }
        if chomping == UInt8(ascii: "+") {
            for lineBreak in empty { builder.append(lineBreak.text, replacing: lineBreak.range) }
        }
        return builder
    }

    private struct Line {
        struct Break {
            var range: Range<Int>
            /// What libyaml makes of it.
            var text: [UInt8]
        }

        var content: Range<Int>
        var lineBreak: Break?
    }

    private func lines(in range: Range<Int>) -> [Line] {
        var lines: [Line] = []
        var start = range.lowerBound
        var offset = start
        while offset < range.upperBound {
            guard let lineBreak = lineBreak(at: offset) else {
                offset += 1
                continue
            }
            let breakRange = offset..<offset + lineBreak.length
            lines.append(Line(content: start..<offset, lineBreak: .init(range: breakRange, text: lineBreak.text)))
            offset = breakRange.upperBound
            start = offset
        }
        if start < range.upperBound { lines.append(Line(content: start..<range.upperBound, lineBreak: nil)) }
        return lines
    }

    // MARK: - Bytes

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func lineBreak(at offset: Int) -> (length: Int, text: [UInt8])? {
        guard offset < bytes.count else { return nil }
        switch bytes[offset] {
        case 0x0A: return (1, [0x0A])
        case 0x0D: return (offset + 1 < bytes.count && bytes[offset + 1] == 0x0A ? 2 : 1, [0x0A])
        case 0xC2 where bytes[(offset + 1)...].first == 0x85: return (2, [0x0A])
        case 0xE2 where bytes[(offset + 1)...].starts(with: [0x80, 0xA8]): return (3, [0xE2, 0x80, 0xA8])
        case 0xE2 where bytes[(offset + 1)...].starts(with: [0x80, 0xA9]): return (3, [0xE2, 0x80, 0xA9])
        default: return nil
        }
    }
}

extension Range<Int> {
    /// Without the first and the last, the quotes of a quoted scalar.
    fileprivate var inner: Range<Int> { count < 2 ? lowerBound..<lowerBound : lowerBound + 1..<upperBound - 1 }
}
