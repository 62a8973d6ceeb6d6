/// A half-open range of UTF-8 byte offsets in one source file. Which file it is, the owner of the span knows.
package struct SourceSpan: Hashable, Sendable {
    package var start: UInt32
    package var end: UInt32

    package init(start: UInt32, end: UInt32) {
        precondition(start <= end, "a span that ends before it starts: \(start)..<\(end)")
        self.start = start
        self.end = end
    }

    package init(_ range: Range<Int>) {
        self.init(start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
    }

    /// The bytes as a range of array indices.
    package var range: Range<Int> { Int(start)..<Int(end) }

    /// Whether all of the other one lies in this one.
    package func contains(_ other: SourceSpan) -> Bool { start <= other.start && other.end <= end }

    /// From the start of the first to the end of the last of two spans, whatever their order.
    package func union(_ other: SourceSpan) -> SourceSpan {
        SourceSpan(start: min(start, other.start), end: max(end, other.end))
    }
}

/// A value, and where the author wrote it.
package struct Located<Value> {
    package var value: Value
    package var span: SourceSpan

    package init(_ value: Value, at span: SourceSpan) {
        self.value = value
        self.span = span
    }

    package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
        Located<Other>(try transform(value), at: span)
    }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
extension Located: Sendable where Value: Sendable {}
