import JSON

/// Why something is no measurements, and where.
package struct MeasurementError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problem: String
    /// Byte offset into what was read.
    package var offset: Int

    package var description: String { "\(problem) (at byte \(offset))" }
}

/// Reads JSON value by value, for somebody who knows what should stand there.
package struct MeasurementReader {
    private var scanner: JSONScanner
    private var next: JSONToken?
    /// Where the value began that was read last.
    package private(set) var offset = 0

    package init(_ bytes: UnsafeRawBufferPointer) { scanner = JSONScanner(bytes, loneSurrogates: .rejected) }

    package func error(_ problem: String, at offset: Int? = nil) -> MeasurementError {
        MeasurementError(problem: problem, offset: offset ?? self.offset)
    }

    // MARK: Tokens

    private mutating func peek() throws(MeasurementError) -> JSONToken? {
        if next == nil {
            do { next = try scanner.next() } catch {
                throw MeasurementError(problem: error.reason.description, offset: error.offset)
            }
        }
        return next
    }

    private mutating func take() throws(MeasurementError) -> JSONToken {
        guard let token = try peek() else { throw error("the file ends too early", at: scanner.offset) }
        next = nil
        offset = token.range.lowerBound
        return token
    }

    private mutating func take(_ kind: JSONToken.Kind, _ wanted: String) throws(MeasurementError) -> JSONToken {
        let token = try take()
        guard token.kind == kind else { throw error("\(wanted) should stand here") }
        return token
    }

    /// Nothing may follow.
    package mutating func end() throws(MeasurementError) {
        if let token = try peek() { throw error("unexpected value", at: token.range.lowerBound) }
    }

    // MARK: Containers

    /// Calls `member` for each member of an object; it reads the value, or leaves it to be passed over by returning false.
    ///
    /// - Parameter required: the names that have to be there.
    package mutating func object(
        required: [String] = [],
        _ member: (inout MeasurementReader, String) throws(MeasurementError) -> Bool
    ) throws(MeasurementError) {
        let start = try take(.beginObject, "an object").range.lowerBound
        var missing = required
        while true {
            let token = try take()
            if token.kind == .endObject { break }
            let name = scanner.string(token)
            missing.removeAll { $0 == name }
            if try !member(&self, name) { try skip() }
        }
        if let name = missing.first { throw error("'\(name)' is missing", at: start) }
    }

    /// Calls `element` for each element of an array.
    package mutating func array(
        _ element: (inout MeasurementReader) throws(MeasurementError) -> Void
    ) throws(MeasurementError) {
        _ = try take(.beginArray, "an array")
        while try peek()?.kind != .endArray { try element(&self) }
        _ = try take()
    }

    /// An array of so many numbers.
    mutating func numbers(_ count: Int) throws(MeasurementError) -> [Double] {
        var numbers: [Double] = []
        try array { reader throws(MeasurementError) in numbers.append(try reader.double()) }
        guard numbers.count == count else { throw error("\(count) numbers should stand before here") }
        return numbers
    }

    /// Whether a null stands here, which is then read.
    package mutating func isNull() throws(MeasurementError) -> Bool {
        guard try peek()?.kind == .null else { return false }
        _ = try take()
        return true
    }

    /// Whether an array stands next, of which nothing is read yet.
    package mutating func isArray() throws(MeasurementError) -> Bool { try peek()?.kind == .beginArray }

    private mutating func skip() throws(MeasurementError) {
        var depth = 0
        repeat {
            switch try take().kind {
            case .beginObject, .beginArray: depth += 1
            case .endObject, .endArray: depth -= 1
            default: break
            }
        } while depth > 0
    }

    // MARK: Scalars

    package mutating func string() throws(MeasurementError) -> String {
        scanner.string(try take(.string, "text"))
    }

    package mutating func bool() throws(MeasurementError) -> Bool {
        switch try take().kind {
        case .true: return true
        case .false: return false
        default: throw error("true or false should stand here")
        }
    }

    /// A whole number in a range.
    package mutating func int(_ range: ClosedRange<Int64> = .min ... .max) throws(MeasurementError) -> Int64 {
        let token = try take(.number, "a number")
        guard case .int(let value) = scanner.number(token), range.contains(value) else {
            throw error(
                range == .min ... .max
                    ? "a whole number should stand here"
                    : "a whole number from \(range.lowerBound) to \(range.upperBound) should stand here")
        }
        return value
    }

    /// So many samples are more than any run has, and few enough that the sums of many files do not overflow.
    static let mostSamples: Int64 = 1 << 53

    package mutating func count() throws(MeasurementError) -> UInt64 { UInt64(try int(0...Self.mostSamples)) }

    /// A number; text where JSON has none for it, such as `inf`.
    package mutating func double() throws(MeasurementError) -> Double {
        let token = try take()
        switch token.kind {
        case .number:
            switch scanner.number(token) {
            case .int(let value): return Double(value)
            case .double(let value): return value
            }
        case .string:
            if let value = Double(scanner.string(token)), !value.isFinite { return value }
            fallthrough
        default: throw error("a number should stand here")
        }
    }

    /// A sum that may need more than 64 bits: then it is text.
    mutating func wide() throws(MeasurementError) -> UInt128 {
        if try peek()?.kind == .string {
            guard let value = UInt128(try string()), value >> 116 == 0 else {
                throw error("a whole number of less than 117 bits should stand here")
            }
            return value
        }
        return UInt128(try int(0 ... .max))
    }
}
