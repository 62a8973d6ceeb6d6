import Diagnostics
import JSON
import LoadMetrics

extension JSONReport {
    mutating func object(_ members: (inout JSONReport) -> Void) {
        writer.beginObject()
        members(&self)
        writer.endObject()
    }

    mutating func array<Element>(_ elements: [Element], _ write: (inout JSONReport, Element) -> Void) {
        writer.beginArray()
        for element in elements { write(&self, element) }
        writer.endArray()
    }

    mutating func member(_ key: String, _ value: (inout JSONReport) -> Void) {
        writer.key(key)
        value(&self)
    }

    mutating func member(_ key: String, _ value: String?) {
        member(key) { report in
            if let value { report.string(value) } else { report.writer.null() }
        }
    }

    mutating func member(_ key: String, _ value: Double?) {
        member(key) { report in
            if let value { report.number(value) } else { report.writer.null() }
        }
    }

    mutating func member(_ key: String, _ value: UInt64) {
        member(key) { $0.writer.int(Int64(clamping: value)) }
    }

    mutating func optional(_ value: Int64?) {
        if let value { writer.int(value) } else { writer.null() }
    }

    /// Whole ones without a point. Null for a level that no run has and a result that was made up may: JSON has no infinity.
    mutating func number(_ value: Double) {
        if let whole = Int64(exactly: value) { return writer.int(whole) }
        if value.isFinite { writer.double(value) } else { writer.null() }
    }

    mutating func member(_ key: String, milliseconds nanoseconds: Double) {
        member(key) { $0.writer.double(nanoseconds / 1e6) }
    }

    mutating func member(_ selector: MetricSelector) {
        member("metric", selector.metric.name)
        member("tags") { report in
            report.object { for tag in selector.tags.tags { $0.member(tag.name, tag.value) } }
        }
    }

    // MARK: Text

    mutating func string(_ value: String) {
        var quoted = JSONWriter()
        quoted.string(value)
        raw(quoted)
    }

    /// What another writer has written, with characters escaped that JSON allows and a terminal acts on: reports get printed.
    mutating func raw(_ other: JSONWriter) {
        // Most text has none, and there may be much of it.
        let isPlain = other.bytes.allSatisfy { (0x20..<0x7F).contains($0) }
        guard !isPlain, other.text.unicodeScalars.contains(where: \.isUnsafeToDisplay) else {
            return writer.raw(other.text)
        }
        var escaped = ""
        for scalar in other.text.unicodeScalars {
            guard scalar.isUnsafeToDisplay else {
                escaped.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        writer.raw(escaped)
    }
}
