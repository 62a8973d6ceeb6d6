import LoadMetrics

/// Values of which a report has many.
extension MeasurementReader {
    mutating func list<Element>(
        _ read: (inout MeasurementReader) throws(MeasurementError) -> Element
    ) throws(MeasurementError) -> [Element] {
        var elements: [Element] = []
        try array { reader throws(MeasurementError) in elements.append(try read(&reader)) }
        return elements
    }

    /// One of a set of words.
    mutating func word<Value>(_ value: (String) -> Value?) throws(MeasurementError) -> Value {
        let text = try string()
        guard let value = value(text) else { throw error("unknown word '\(text)'") }
        return value
    }

    /// An object of counts, all of which have to be there; in the order of their names.
    mutating func counts(_ names: [String]) throws(MeasurementError) -> [UInt64] {
        var counts = [UInt64](repeating: 0, count: names.count)
        try object(required: names) { reader, name throws(MeasurementError) in
            guard let index = names.firstIndex(of: name) else { return false }
            counts[index] = try reader.count()
            return true
        }
        return counts
    }

    /// A time in milliseconds, to the nanosecond; no longer than a hundred years.
    mutating func nanoseconds() throws(MeasurementError) -> Int64 {
        let nanoseconds = (try double() * 1e6).rounded()
        guard abs(nanoseconds) < 3.2e18 else { throw error("a time in milliseconds should stand here") }
        return Int64(nanoseconds)
    }
}
