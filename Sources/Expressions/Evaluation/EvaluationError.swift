package import Diagnostics
package import JSON

/// Why an expression has no value: the plan is well formed, but not for these values.
///
/// Conditions meet errors on every message that is not for them, so the words are made only when someone reads them.
package struct EvaluationError: Error, Equatable, Sendable {
    package enum Cause: Equatable, Sendable {
        case noSuchKey(Value)
        /// `count` is nil where nobody counted.
        case indexOutOfRange(String, count: Int?)
        case overflow(String)
        case divisionByZero
        case modulusByZero
        /// An operator or function met values that it does not take.
        case wrongType(operation: String, ValueTypes, ValueTypes? = nil)
        /// Text and a number were added.
        case textPlusNumber
        case conditionNotBool(ValueTypes)
        case duplicateKey(Value)
        case invalidKey(ValueTypes)
        case cannotConvert(String, to: String, why: String? = nil)
        /// A fact that does not exist now: a server that was not asked for, an answer that never came.
        case absent(String)
        /// A fact exists, but not in the form asked for.
        case unreadable(String, why: String)
        /// Text that was to be read as JSON is none.
        case notJSON(String, JSONError)
        /// Nothing in the text matches.
        case noMatch
        case limit(String)
        case invalidArgument(String)
    }

    package var cause: Cause
    /// The failing part of the expression in the source.
    package var span: SourceSpan

    package init(_ cause: Cause, at span: SourceSpan) {
        self.cause = cause
        self.span = span
    }

    /// In words, without the place: `no such key: "id"`.
    package var reason: String {
        switch cause {
        case .noSuchKey(let key): "no such key: \(key.shown)"
        case .indexOutOfRange(let index, let count):
            "index \(index) is out of range" + (count.map { ": the list has \($0) element\($0 == 1 ? "" : "s")" } ?? "")
        case .overflow(let operation): "\(operation) overflows"
        case .divisionByZero: "division by zero"
        case .modulusByZero: "modulus by zero"
        case .wrongType(let operation, let found, let other):
            "\(operation) does not take \(found)" + (other.map { " and \($0)" } ?? "")
        case .textPlusNumber: "text + number has no meaning; write a template, or string(…) around the number"
        case .conditionNotBool(let found): "a condition has to be a bool, this is \(found)"
        case .duplicateKey(let key): "the key \(key.shown) stands twice in one map"
        case .invalidKey(let found): "a map key is a string, an int, a uint or a bool, not \(found)"
        case .cannotConvert(let value, let target, let why):
            "cannot make \(target) of \(value)" + (why.map { ": \($0)" } ?? "")
        case .absent(let what): "there is no \(what) here"
        case .unreadable(let what, let why): "\(what) cannot be read: \(why)"
        case .notJSON(let what, let error): "\(what) cannot be read: \(error)"
        case .noMatch: "nothing in the text matches"
        case .limit(let words): words
        case .invalidArgument(let words): words
        }
    }
}
