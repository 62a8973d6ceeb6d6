/// Arithmetic as in CEL, except that numbers of different types may be mixed and give a double.
extension ExpressionCode {
    func arithmetic(
        _ operation: Arithmetic, _ left: Value, _ right: Value, at index: Node.Index,
        in context: inout EvaluationContext
    ) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(try integer(operation, left, right, at: index))
        case (.uint(let left), .uint(let right)): return .uint(try integer(operation, left, right, at: index))
        default: break
        }
        if operation != .modulo, let left = left.asDouble, let right = right.asDouble {
            return .double(Self.double(operation, left, right))
        }
        if operation == .add, let sum = try concatenation(left, right, at: index, in: &context) {
            try spendBytes(of: sum, at: index, in: &context)
            return sum
        }
        throw error(.wrongType(operation: "'\(operation.rawValue)'", left.type, right.type), at: index)
    }

    private func integer<Integer: FixedWidthInteger>(
        _ operation: Arithmetic, _ left: Integer, _ right: Integer, at index: Node.Index
    ) throws(EvaluationError) -> Integer {
        let result: (partialValue: Integer, overflow: Bool)
        switch operation {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide:
            guard right != 0 else { throw error(.divisionByZero, at: index) }
            result = left.dividedReportingOverflow(by: right)
        case .modulo:
            guard right != 0 else { throw error(.modulusByZero, at: index) }
            result = left.remainderReportingOverflow(dividingBy: right)
        }
        guard !result.overflow else { throw error(.overflow("\(left) \(operation.rawValue) \(right)"), at: index) }
        return result.partialValue
    }

    /// IEEE 754: a division by zero is an infinity or a NaN.
    private static func double(_ operation: Arithmetic, _ left: Double, _ right: Double) -> Double {
        switch operation {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        case .modulo: preconditionFailure("% is for integers")
        }
    }

    /// The sum of two strings, bytes or lists; nil where there is none.
    private func concatenation(
        _ left: Value, _ right: Value, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> Value? {
        switch (left, right) {
        case (.string(let left), .string(let right)):
            try checkSize(left.utf8.count + right.utf8.count, at: index)
            return .string(left + right)
        case (.bytes(let left), .bytes(let right)):
            try checkSize(left.count + right.count, at: index)
            return .bytes(left + right)
        case (.list(let left), .list(let right)):
            try checkCount(left.count + right.count, at: index)
            try spend(left.count + right.count, at: index, in: &context)
            return .list(left + right)
        case (.string, let other) where other.asDouble != nil, (let other, .string) where other.asDouble != nil:
            throw error(.textPlusNumber, at: index)
        default: return nil
        }
    }

    func negate(_ operand: Value, at index: Node.Index) throws(EvaluationError) -> Value {
        switch operand {
        case .int(let value):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(value)
            guard !overflow else { throw error(.overflow("-(\(value))"), at: index) }
            return .int(result)
        case .double(let value): return .double(-value)
        default: throw error(.wrongType(operation: "'-'", operand.type), at: index)
        }
    }

    func checkSize(_ bytes: Int, at index: Node.Index) throws(EvaluationError) {
        guard bytes <= ExpressionLimits.bytes else {
            throw error(.limit("a value of \(bytes) bytes; \(ExpressionLimits.bytes) are allowed"), at: index)
        }
    }

    func checkCount(_ elements: Int, at index: Node.Index) throws(EvaluationError) {
        guard elements <= ExpressionLimits.elements else {
            throw error(.limit("a list of \(elements) elements; \(ExpressionLimits.elements) are allowed"), at: index)
        }
    }
}

extension Value {
    /// A number as a double, rounded to the nearest.
    package var asDouble: Double? {
        switch self {
        case .int(let value): Double(value)
        case .uint(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}
