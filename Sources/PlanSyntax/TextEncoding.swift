import Diagnostics

/// What in a file is no text of a plan.
struct TextFaults {
    private(set) var diagnostics: [Diagnostic] = []
    /// The bytes that cannot be read; what else there is can be.
    private(set) var unreadable: [Range<Int>] = []
    /// Whether it is clear what the rest means.
    private(set) var isReadable = true

    /// Looks for bytes that are not UTF-8 and, in YAML, for characters that a document cannot hold (YAML 1.2 section
    /// 5.1). JSON's scanner knows its own. Of bytes that are not UTF-8 the first is reported: they have one cause.
    init(in file: SourceFile, format: PlanDocument.Format) {
        if let encoding = Self.wideEncoding(of: file.bytes) {
            report(.encoded(in: encoding), at: file.characterSpan(at: 0), help: Self.encodingHelp)
            isReadable = false
            return
        }
        let content = file.bytes.trimmingByteOrderMark
        var offset = content.startIndex
        var isUTF8 = true
        while offset < content.endIndex, isReadable {
            let byte = content[offset]
            if 0x20..<0x7F ~= byte || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                offset += 1
                continue
            }
            var decoder = UTF8()
            var rest = content[offset...].prefix(4).makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&rest) else {
                if isUTF8 { report(.notUTF8(byte), at: file.characterSpan(at: offset), help: Self.encodingHelp) }
                isUTF8 = false
                skip(offset..<offset + 1)
                offset += 1
                continue
            }
            let width = UTF8.width(scalar)
            if format == .yaml, Self.isForbidden(scalar) {
                report(.forbiddenCharacter(scalar), at: file.characterSpan(at: offset))
                skip(offset..<offset + width)
            }
            offset += width
        }
    }

    private static let encodingHelp = "save the file as UTF-8"

    private mutating func report(_ message: Diagnostic.Message, at span: SourceSpan, help: String? = nil) {
        diagnostics.append(Diagnostic(.invalidEncoding, message, at: span, help: help))
    }

    /// A file with many of them is no text.
    private mutating func skip(_ range: Range<Int>) {
        unreadable.append(range)
        isReadable = unreadable.count < PlanDocument.maximumDiagnosticCount
    }

    /// UTF-16 or UTF-32 by its byte order mark, or by the zero bytes of an ASCII character at its start.
    private static func wideEncoding(of bytes: [UInt8]) -> String? {
        let start = bytes.prefix(4)
        if start == [0xFF, 0xFE, 0, 0] || start == [0, 0, 0xFE, 0xFF] { return "UTF-32" }
        if start.count == 4, start.count(where: { $0 == 0 }) == 3 { return "UTF-32" }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        return [[false, true, false, true], [true, false, true, false]].contains(start.map { $0 == 0 }) ? "UTF-16" : nil
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x85: false
        case 0x00..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func encoded(in encoding: String) -> Self {
        Self("the file is encoded in \(encoding); a plan is UTF-8 text")
    }

    fileprivate static func notUTF8(_ byte: UInt8) -> Self {
        Self("byte 0x\(String(byte, radix: 16, uppercase: true)) is not valid UTF-8; a plan is UTF-8 text")
    }

    fileprivate static func forbiddenCharacter(_ scalar: Unicode.Scalar) -> Self {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return switch scalar.value {
        case 0: Self("a NUL byte cannot stand in a plan")
        case 0xFEFF: Self("a byte order mark can only stand at the start of the file")
        default:
            Self("the control character \(name) cannot stand in a plan; in double quotes it is written as an escape")
        }
    }
}
