/// Writes JSON (RFC 8259) into bytes, compact or indented. Commas, colons and line breaks come by themselves; that
/// calls nest properly is up to the caller.
package struct JSONWriter: Sendable {
    /// What has been written so far, after what the writer was made with.
    package private(set) var bytes: [UInt8]
    /// Spaces for each level; nil writes everything on one line without spaces.
    private let indentation: Int?
    private var depth = 0
    /// Whether something stands before in the same container, so that a comma is due.
    private var needsComma = false
    /// Whether the last thing written was a key, so that its value follows on the line.
    private var isBehindKey = false

    /// Appends to `bytes`; take them back from ``bytes`` at the end.
    package init(appendingTo bytes: consuming [UInt8] = [], indentation: Int? = nil) {
        self.bytes = bytes
        self.indentation = indentation
    }

    /// All that was written, as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    package mutating func key(_ name: String) {
        startItem()
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
        if indentation != nil { bytes.append(UInt8(ascii: " ")) }
        isBehindKey = true
    }

    package mutating func string(_ value: String) {
        startItem()
        appendQuoted(value)
    }

    package mutating func int(_ value: Int64) {
        startItem()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// The shortest digits that read back as the same value: `1.5`, `2`, `1e+21`. JSON has neither NaN nor infinity:
    /// what stands for them, the caller decides.
    package mutating func double(_ value: Double) {
        precondition(value.isFinite, "JSON cannot hold \(value)")
        startItem()
        bytes.append(contentsOf: Self.shortestForm(of: value).utf8)
    }

    package mutating func bool(_ value: Bool) {
        startItem()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    package mutating func null() {
        startItem()
        bytes.append(contentsOf: "null".utf8)
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: String) {
        startItem()
        bytes.append(contentsOf: json.utf8)
    }

    /// The shortest digits that read back as `value`, without the `.0` of a whole number.
    package static func shortestForm(of value: Double) -> String {
        let digits = value.description
        return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
    }

    // MARK: - Layout

    private mutating func open(_ bracket: UInt8) {
        startItem()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        precondition(depth > 0 && !isBehindKey, "a container is closed that is not open, or behind a key")
        depth -= 1
        if needsComma { breakLine() }
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func startItem() {
        if isBehindKey {
            isBehindKey = false
        } else {
            if needsComma { bytes.append(UInt8(ascii: ",")) }
            if depth > 0 { breakLine() }
        }
        needsComma = true
    }

    private mutating func breakLine() {
        guard let indentation else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation * depth))
    }

    // MARK: - Strings

    private mutating func appendQuoted(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            bytes.append(UInt8(ascii: "\""))
            var written = 0
            for (offset, byte) in utf8.enumerated() where Self.needsEscape(byte) {
                bytes.append(contentsOf: utf8[written..<offset])
                appendEscape(byte)
                written = offset + 1
            }
            bytes.append(contentsOf: utf8[written...])
            bytes.append(UInt8(ascii: "\""))
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x00..<0x20:
            bytes.append(contentsOf: (byte < 0x10 ? "u000" : "u00").utf8)
            bytes.append(contentsOf: String(byte, radix: 16).utf8)
        default: bytes.append(byte)
        }
    }
}
