package import Diagnostics

/// A checked expression: its names are slots and facts, and what is constant is computed. One reference in size.
package struct Expression: Sendable {
    let code: ExpressionCode

    /// What the author wrote.
    package var source: LocatedText { code.source }
    /// The types its value may have.
    package var staticType: ValueTypes { code.type.types }
    /// The same, and those of what is in it.
    package var type: StaticType { code.type }
    /// The facts that it may read.
    package var facts: FactSet { code.facts }
    /// Its value where nothing varies.
    package var constant: Value? { code.constant }

    /// The value, or why there is none.
    package func evaluate(in context: inout EvaluationContext) throws(EvaluationError) -> Value {
        context.beginEvaluation()
        return try code.evaluate(code.root, in: &context)
    }

    /// The value as a condition: anything but a bool is an error.
    package func evaluateCondition(in context: inout EvaluationContext) throws(EvaluationError) -> Bool {
        context.beginEvaluation()
        return try code.evaluateBool(code.root, in: &context)
    }
}

/// An expression whose owner is somebody else: a copy of it counts no reference. It is valid as long as the expression that
/// it was made of.
package struct BorrowedExpression: BitwiseCopyable, @unchecked Sendable {
    // Sendable: an `ExpressionCode` is.
    private let code: Unmanaged<ExpressionCode>

    package init(_ expression: Expression) {
        code = Unmanaged.passUnretained(expression.code)
    }

    /// The value as a condition: anything but a bool is an error.
    package func evaluateCondition(in context: inout EvaluationContext) throws(EvaluationError) -> Bool {
        context.beginEvaluation()
        // The closure's own error would lose its type.
        let result = code._withUnsafeGuaranteedRef { code in
            Result { () throws(EvaluationError) in try code.evaluateBool(code.root, in: &context) }
        }
        return try result.get()
    }
}
