import EventProgram
import LoadMetrics
import WebSocketTransport

/// What one lane has to say when its users are done.
struct LaneResult {
    var isDone = false
    var sessions = SessionCounts()
    /// Sessions that the end of the load, or of their user, cut short before they had failed.
    var cut: UInt64 = 0
    /// Sessions that were never established, whatever the reason.
    var unopened: UInt64 = 0
    /// Errors of all kinds.
    var errors: Int64 = 0
    /// Messages for a session that was given up.
    var messagesForNobody: UInt64 = 0
    var arrivals = ArrivalCounts()
    /// Arrivals that were dropped not for want of a user, but because the loop had not come to them when the load ended.
    var missedArrivals: UInt64 = 0
    var traffic = Traffic()
    var conditions: ConditionLedger?
    var marks: MarkLedger?
    var awaits = AwaitLedger()
    var firstFailures: [CheckSummary.Key: FailureInstance] = [:]
    var firstErrors: [ErrorSummary.Key: FailureInstance] = [:]
}
