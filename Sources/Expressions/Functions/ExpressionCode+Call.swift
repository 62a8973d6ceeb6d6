extension ExpressionCode {
    /// Evaluates the arguments and applies the function. No function has more than four.
    func call(
        _ function: Function, first: Int, count: Int, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> Value {
        var arguments = Arguments(code: self, function: function, index: index)
        if count > 0 { arguments.first = try evaluate(operands[first], in: &context) }
        if count > 1 { arguments.second = try evaluate(operands[first + 1], in: &context) }
        if count > 2 { arguments.third = try evaluate(operands[first + 2], in: &context) }
        if count > 3 { arguments.fourth = try evaluate(operands[first + 3], in: &context) }
        let value = try arguments.applied(in: &context)
        try spendBytes(of: value, at: index, in: &context)
        return value
    }
}

extension Arguments {
    fileprivate func applied(in context: inout EvaluationContext) throws(EvaluationError) -> Value {
        switch function {
        case .size, .int, .uint, .double, .string, .bytes, .bool, .dyn: return try converted()
        case .startsWith, .endsWith, .contains, .charAt, .indexOf, .lastIndexOf, .join, .lowerAscii, .upperAscii,
            .replace, .split, .substring, .trim:
            return try ofStrings()
        case .encodeBase64, .decodeBase64, .encodeBase64URL, .decodeBase64URL, .hex, .toJSON, .fromJSON, .urlEncode,
            .sha256, .hmacSHA256, .timeMilliseconds:
            return try encoded()
        case .matches, .extract: return try searched(in: &context)
        case .range, .pick, .random, .randomInt, .randomString, .uuid, .counter, .nowMilliseconds, .nowMicroseconds,
            .nowISO:
            return try generated(in: &context)
        }
    }
}

/// The evaluated arguments of one call, and the place to blame. What was left out is nil.
struct Arguments {
    let code: ExpressionCode
    let function: Function
    let index: Node.Index
    var first = Value.null
    var second: Value?
    var third: Value?
    var fourth: Value?

    init(code: ExpressionCode, function: Function, index: Node.Index) {
        self.code = code
        self.function = function
        self.index = index
    }

    func error(_ cause: EvaluationError.Cause) -> EvaluationError { code.error(cause, at: index) }

    func wrongType(_ value: Value?) -> EvaluationError {
        error(.wrongType(operation: function.rawValue, (value ?? .null).type))
    }

    func string(_ value: Value?) throws(EvaluationError) -> String {
        guard case .string(let string)? = value else { throw wrongType(value) }
        return string
    }

    func int(_ value: Value?) throws(EvaluationError) -> Int64 {
        guard case .int(let int)? = value else { throw wrongType(value) }
        return int
    }

    func list(_ value: Value?) throws(EvaluationError) -> [Value] {
        guard case .list(let list)? = value else { throw wrongType(value) }
        return list
    }

    /// Bytes as they are, a string as UTF-8.
    func bytes(_ value: Value?) throws(EvaluationError) -> [UInt8] {
        switch value {
        case .bytes(let bytes): return bytes
        case .string(let string): return Array(string.utf8)
        default: throw wrongType(value)
        }
    }
}
