package import Diagnostics

/// Over which part of a run a threshold is judged, as its long form says it.
package struct JudgedTime: Hashable, Sendable {
    /// The scenario that the threshold is on; nil for all of them.
    package var scenario: String?
    /// In nanoseconds, counted from the start of the run.
    package var after: Located<Int64>?
    /// In nanoseconds.
    package var window: Located<Int64>?

    package init(scenario: String?, after: Located<Int64>? = nil, window: Located<Int64>? = nil) {
        self.scenario = scenario
        self.after = after
        self.window = window
    }

    var isWritten: Bool { after != nil || window != nil }
}
