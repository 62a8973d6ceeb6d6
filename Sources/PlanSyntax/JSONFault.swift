import Diagnostics
import JSON

/// What the scanner's complaint means to the author of a plan: the place, and what to do.
struct JSONFault {
    private let fault: JSONError
    private let bytes: [UInt8]
    /// Where the innermost list or mapping starts that is open.
    private let openContainer: Int?

    init(_ fault: JSONError, in bytes: [UInt8], openContainer: Int?) {
        self.fault = fault
        self.bytes = bytes
        self.openContainer = openContainer
    }

    /// `base` is where the bytes start in the file.
    func diagnostic(of file: SourceFile, _ base: Int) -> Diagnostic {
        let range = range
        let isCharacter = range.isEmpty && !isBehindValue
        let span =
            isCharacter
            ? file.characterSpan(at: base + range.lowerBound)
            : SourceSpan(base + range.lowerBound..<base + range.upperBound)
        var notes: [Diagnostic.Note] = []
        if let openContainer, leavesContainerOpen {
            notes.append(Diagnostic.Note("this is not closed", at: file.characterSpan(at: base + openContainer)))
        }
        return Diagnostic(.malformedJSON, Diagnostic.Message(message), at: span, help: help(file, span), notes: notes)
    }

    /// A comma that is missing is missing behind the value before.
    private var isBehindValue: Bool {
        switch fault.reason {
        case .expectedCommaOrEndOfObject, .expectedCommaOrEndOfArray:
            JSONRepair(of: fault, in: bytes) != nil
        default: false
        }
    }

    /// Whether the end of a list or mapping is wanted, and something else, or nothing, stands there.
    private var leavesContainerOpen: Bool {
        switch fault.reason {
        case .unexpectedEnd: true
        case .expectedCommaOrEndOfObject, .expectedCommaOrEndOfArray: !isBehindValue
        default: false
        }
    }

    /// All of what is wrong; empty for the character at a place.
    private var range: Range<Int> {
        let offset = fault.offset
        switch fault.reason {
        case .comment: return JSONRepair.comment(at: offset, in: bytes) ?? offset..<offset
        case .singleQuotes: return JSONRepair(of: fault, in: bytes)?.range ?? offset..<offset
        case .expectedKey where offset < bytes.count: return JSONRepair.bareKey(at: offset, in: bytes)
        case .malformedLiteral, .leadingZero, .malformedNumber: return JSONRepair.word(around: offset, in: bytes)
        case .expectedCommaOrEndOfObject where isBehindValue, .expectedCommaOrEndOfArray where isBehindValue:
            let last = bytes[..<offset].lastIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? 0
            return last + 1..<last + 1
        default: return offset..<offset
        }
    }

    private var message: String {
        if isBehindValue { return "a comma is missing behind this value" }
        return switch fault.reason {
        case .expectedKey where !range.isEmpty: "a JSON key stands in double quotes"
        default: fault.reason.description
        }
    }

    private func help(_ file: SourceFile, _ span: SourceSpan) -> String? {
        switch fault.reason {
        case .trailingComma, .unexpectedByte(UInt8(ascii: ",")): return "remove the comma"
        case .comment: return "YAML has comments: a plan whose name ends in .yaml is read as YAML"
        case .singleQuotes: return "write \" around text"
        case .expectedKey where !range.isEmpty: return "write \"\(file.text(of: span))\""
        case .malformedLiteral: return literalHelp(file.text(of: span))
        case .expectedColon where bytes[fault.offset] == UInt8(ascii: "="): return "write ':' in its place"
        case .malformedNumber: return "a JSON number is written like 12, -0.5 or 1e3, and text in \""
        case .leadingZero: return "remove the zero, or write \" around it if it is text"
        case .malformedEscape: return "write \\\\ for a backslash"
        case .loneSurrogate: return "write the character itself, or both halves of its pair"
        case .controlCharacter(0x0A), .controlCharacter(0x0D):
            return "close the string before the line ends, or write \\n for a line break"
        case .controlCharacter(0x09): return "write \\t for a tab"
        case .trailingContent: return "a plan is one JSON object: check the brackets above"
        default: return nil
        }
    }

    private func literalHelp(_ word: String) -> String {
        switch word.lowercased() {
        case "true", "yes", "on": "write true"
        case "false", "no", "off": "write false"
        case "null", "none", "nil", "undefined": "write null"
        default: "write \" around text: \"\(abbreviated(word))\""
        }
    }
}
