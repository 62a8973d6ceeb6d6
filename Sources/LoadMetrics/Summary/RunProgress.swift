/// How far a run has come, for those who watch it. The counts of its loops are of moments a little apart.
package struct RunProgress: Hashable, Sendable {
    package var sinceStartNanoseconds: Int64
    package var vus: Int64
    package var openSessions: Int64
    /// Sent and received so far.
    package var messages: Int64
    package var errors: Int64

    package init(
        sinceStartNanoseconds: Int64 = 0, vus: Int64 = 0, openSessions: Int64 = 0, messages: Int64 = 0,
        errors: Int64 = 0
    ) {
        self.sinceStartNanoseconds = sinceStartNanoseconds
        self.vus = vus
        self.openSessions = openSessions
        self.messages = messages
        self.errors = errors
    }
}
