import EventProgram
import WebSocketTransport

extension ConnectRequest.Limits {
    /// Those of every connection of a job.
    init(_ job: ScenarioJob) {
        self.init()
        connectTimeoutNanoseconds = job.program.timeouts.connectNanoseconds
        closeTimeoutNanoseconds = job.program.timeouts.closeNanoseconds
        maximumQueuedBytes = job.sendQueueBytes
        if let size = job.program.target.limits.maximumMessageSize { maximumMessageSize = size }
        keepalive = job.program.target.limits.keepalive.map {
            Keepalive(intervalNanoseconds: $0.intervalNanoseconds, timeoutNanoseconds: $0.timeoutNanoseconds)
        }
    }
}
