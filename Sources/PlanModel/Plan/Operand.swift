package import Diagnostics
package import Expressions

/// What stands in the place of an expression.
package enum Operand: Sendable {
    /// The bare expression, or a YAML or JSON literal in its place.
    case expression(ParsedExpression)
    /// A list or mapping with templates in it.
    case structure(ValueTemplate)
    /// What could not be read, which is reported: it may have been meant as any value.
    case unreadable(SourceSpan)

    package var span: SourceSpan {
        switch self {
        case .expression(let expression): expression.source.span
        case .structure(let value): value.span
        case .unreadable(let span): span
        }
    }
}

/// A condition and its name, of `check`.
package struct NamedCondition: Sendable {
    package var name: Located<String>
    package var condition: ParsedExpression

    package init(name: Located<String>, condition: ParsedExpression) {
        self.name = name
        self.condition = condition
    }
}

/// A variable and its new value, of `set`, `let` or `with`.
package struct Assignment: Sendable {
    package var name: Located<String>
    package var value: Operand

    package init(name: Located<String>, value: Operand) {
        self.name = name
        self.value = value
    }
}

/// A duration of a step: known from the plan, or evaluated when the step runs.
package enum DurationOperand: Sendable {
    case nanoseconds(Located<Int64>)
    /// Gives text like `250ms`.
    case template(ParsedTemplate)
}

/// A whole number of a step: known from the plan, or evaluated when the step runs.
package enum IntegerOperand: Sendable {
    case value(Located<Int64>)
    /// Gives an int, or its digits.
    case template(ParsedTemplate)
}

/// A size of a step: known from the plan, or evaluated when the step runs.
package enum SizeOperand: Sendable {
    case bytes(Located<Int>)
    /// Gives text like `64KiB`.
    case template(ParsedTemplate)
}
