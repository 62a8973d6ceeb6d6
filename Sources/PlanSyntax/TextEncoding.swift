import Diagnostics

/// The first thing in a file that keeps it from being read as text.
struct TextFault {
    var message: Diagnostic.Message
    var offset: Int

    /// Looks for bytes that are not UTF-8 and, in YAML, for characters that a document cannot hold (YAML 1.2 section
    /// 5.1). JSON's scanner knows its own.
    static func first(in bytes: [UInt8], format: PlanDocument.Format) -> TextFault? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return TextFault(message: .utf16, offset: 0)
        }
        let content = bytes.trimmingByteOrderMark
        var offset = content.startIndex
        while offset < content.endIndex {
            let byte = content[offset]
            if 0x20..<0x7F ~= byte || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                offset += 1
                continue
            }
            var decoder = UTF8()
            var rest = content[offset...].prefix(4).makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&rest) else {
                return TextFault(message: .notUTF8(byte), offset: offset)
            }
            if format == .yaml, isForbidden(scalar) {
                return TextFault(message: .forbiddenCharacter(scalar), offset: offset)
            }
            offset += UTF8.width(scalar)
        }
        return nil
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
    fileprivate static var utf16: Self { Self("the file is encoded in UTF-16; a plan is UTF-8 text") }

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
