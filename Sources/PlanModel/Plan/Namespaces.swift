/// What the names of a plan are names of.
package struct Namespaces: OptionSet, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Variables, and `message` where an `await` binds it.
    package static let variables = Namespaces(rawValue: 1)
    package static let environment = Namespaces(rawValue: 1 << 1)
    package static let blocks = Namespaces(rawValue: 1 << 2)
    package static let timers = Namespaces(rawValue: 1 << 3)
    /// Checks, awaits and groups: what samples are told apart by.
    package static let samples = Namespaces(rawValue: 1 << 4)
    /// The sections of a plan.
    package static let sections = Namespaces(rawValue: 1 << 5)
    /// The sources of rows.
    package static let data = Namespaces(rawValue: 1 << 6)
    /// Metrics of the plan's own.
    package static let metrics = Namespaces(rawValue: 1 << 7)
    package static let marks = Namespaces(rawValue: 1 << 8)

    /// What steps declare: a `measure` its metric as well.
    package static let steps: Namespaces = [.variables, .timers, .samples, .metrics, .marks]
    package static let all: Namespaces = [.steps, .environment, .blocks, .sections, .data]
}
