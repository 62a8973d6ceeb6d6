import Digests
package import JSON

extension Value {
    /// As a template writes it: a string as it is, numbers in shortest form (`1.0` is `1`), lists and maps as compact
    /// JSON. Nil for what has no such form: bytes, and what JSON cannot hold within lists and maps.
    package var text: String? {
        switch self {
        case .string(let value): value
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .uint(let value): String(value)
        case .double(let value): value.text
        case .list, .map:
            {
                var writer = JSONWriter()
                return write(to: &writer) ? writer.text : nil
            }()
        case .bytes: nil
        }
    }

    /// What becomes of values that JSON has no form for.
    package enum JSONForm: Sendable {
        /// They are not written.
        case exact
        /// Bytes are written as a string of Base64, infinities and NaN as a string of their name.
        case readable
    }

    /// Writes the value as JSON. False, with a part written, where it holds what has no such form.
    ///
    /// Keys that are no strings are written as their text. Recurs as deep as values are nested, which is bounded.
    package func write(to writer: inout JSONWriter, as form: JSONForm = .exact) -> Bool {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value): writer.int(value)
        case .uint(let value): writer.raw(String(value))
        case .double(let value):
            if value.isFinite {
                writer.double(value)
            } else if form == .readable {
                writer.string(value.text)
            } else {
                return false
            }
        case .string(let value): writer.string(value)
        case .bytes(let bytes):
            guard form == .readable else { return false }
            writer.string(Base64.encode(bytes))
        case .list(let elements):
            writer.beginArray()
            for element in elements {
                guard element.write(to: &writer, as: form) else { return false }
            }
            writer.endArray()
        case .map(let map):
            writer.beginObject()
            for entry in map.entries {
                guard let key = entry.key.text else { return false }
                writer.key(key)
                guard entry.value.write(to: &writer, as: form) else { return false }
            }
            writer.endObject()
        }
        return true
    }

    /// For people, in messages and explanations: JSON as far as there is such a form, and not too long.
    var shown: String { shown(masking: .none) }

    /// The same without secrets, which are masked before anything is quoted or cut.
    package func shown(masking secrets: SecretMask) -> String {
        switch self {
        case .double(let value): return value.text
        case .bytes(let bytes): return shown(bytes, masking: secrets)
        case .string(let value):
            let value = secrets.masked(value)
            guard value.utf8.count <= Self.shownLength else { return cut(value.unicodeScalars, quoted: true) }
            var writer = JSONWriter()
            writer.string(value)
            return writer.text
        default:
            var writer = JSONWriter()
            guard write(to: &writer) else { return "\(type) that JSON cannot hold" }
            let text = secrets.masked(writer.text)
            return text.utf8.count > Self.shownLength ? cut(text.unicodeScalars, quoted: false) : text
        }
    }

    private static let shownLength = 200
    private static let shownBytes = 16

    private func shown(_ bytes: [UInt8], masking secrets: SecretMask) -> String {
        // So many that a secret among those shown is whole.
        var rest = secrets.masked(Array(bytes.prefix(Self.shownBytes + secrets.reach)))[...]
        var words: [String] = []
        while words.count < Self.shownBytes, let byte = rest.first {
            let isMasked = !secrets.isEmpty && rest.starts(with: SecretMask.replacement)
            words.append(isMasked ? "***" : BytesAsText.hexadecimal([byte]))
            rest = rest.dropFirst(isMasked ? SecretMask.replacement.count : 1)
        }
        return "\(bytes.count) byte\(bytes.count == 1 ? "" : "s")"
            + (bytes.isEmpty ? "" : ": " + words.joined(separator: " "))
            + (bytes.count > Self.shownBytes ? " …" : "")
    }

    private func cut(_ scalars: String.UnicodeScalarView, quoted: Bool) -> String {
        var head = ""
        head.unicodeScalars.append(contentsOf: scalars.prefix(Self.shownLength))
        guard quoted else { return head + " …" }
        var writer = JSONWriter()
        writer.string(head)
        return writer.text + " …"
    }
}

extension Double {
    /// The shortest digits that read back as the same number, without `.0`; `NaN`, `Infinity` and `-Infinity` where
    /// there are no digits.
    var text: String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
        return JSONWriter.shortestForm(of: self)
    }
}
