/// What reads or moves on more than its arguments: random numbers, the clock, counters, and the elements that are left.
extension Arguments {
    func generated(in context: inout EvaluationContext) throws(EvaluationError) -> Value {
        switch function {
        case .range: return .list(try range(in: &context))
        case .pick: return try pick(in: &context)
        case .random: return .double(context.random.nextUnit())
        case .randomInt: return .int(try randomInt(in: &context))
        case .randomString: return .string(try randomString(in: &context))
        case .uuid: return .string(uuid(in: &context))
        case .counter: return .int(try counter(in: &context))
        case .nowMilliseconds: return .int(Timestamp.floorDivide(context.wallNanoseconds, by: 1_000_000))
        case .nowMicroseconds: return .int(Timestamp.floorDivide(context.wallNanoseconds, by: 1000))
        default: return .string(Timestamp.iso(nanoseconds: context.wallNanoseconds))
        }
    }

    /// `0, 1, … n - 1`
    private func range(in context: inout EvaluationContext) throws(EvaluationError) -> [Value] {
        let count = try int(first)
        guard count >= 0 else { throw error(.invalidArgument("range takes no negative number")) }
        guard count <= ExpressionLimits.elements else {
            throw error(.limit("range(\(count)) is too long; \(ExpressionLimits.elements) elements are allowed"))
        }
        try code.spend(Int(count), at: index, in: &context)
        return (0..<count).map(Value.int)
    }

    private func pick(in context: inout EvaluationContext) throws(EvaluationError) -> Value {
        let elements = try list(first)
        guard !elements.isEmpty else { throw error(.invalidArgument("pick takes no empty list")) }
        return elements[Int(context.random.next(below: UInt64(elements.count)))]
    }

    /// Both ends included.
    private func randomInt(in context: inout EvaluationContext) throws(EvaluationError) -> Int64 {
        let (least, greatest) = (try int(first), try int(second))
        guard least <= greatest else {
            throw error(.invalidArgument("random_int(\(least), \(greatest)): the first has to be the lesser one"))
        }
        let width = UInt64(bitPattern: greatest &- least) &+ 1
        return least &+ Int64(bitPattern: context.random.next(below: width))
    }

    /// Letters and digits.
    private func randomString(in context: inout EvaluationContext) throws(EvaluationError) -> String {
        let count = try int(first)
        guard count >= 0 else { throw error(.invalidArgument("random_string takes no negative number")) }
        try code.checkSize(Int(count), at: index)
        let characters: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return String(unsafeUninitializedCapacity: Int(count)) { buffer in
            for place in 0..<Int(count) {
                let choice = context.random.next(below: UInt64(characters.utf8CodeUnitCount))
                buffer[place] = characters.utf8Start[Int(choice)]
            }
            return Int(count)
        }
    }

    /// Version 4 (RFC 9562 section 5.4), of this task's random numbers.
    private func uuid(in context: inout EvaluationContext) -> String {
        let high = context.random.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = context.random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var place = 0
            for nibble in 0..<32 {
                if [8, 12, 16, 20].contains(nibble) {
                    buffer[place] = UInt8(ascii: "-")
                    place += 1
                }
                let word = nibble < 16 ? high : low
                buffer[place] = BytesAsText.digit(UInt8(word >> UInt64(60 - nibble % 16 * 4) & 15))
                place += 1
            }
            return place
        }
    }

    private func counter(in context: inout EvaluationContext) throws(EvaluationError) -> Int64 {
        let name = try string(first)
        guard let next = context.counters[name] else {
            guard context.counters.count < ExpressionLimits.counters else {
                throw error(.limit("more than \(ExpressionLimits.counters) counters"))
            }
            context.counters[name] = 1
            return 1
        }
        context.counters[name] = next + 1
        return next + 1
    }
}
