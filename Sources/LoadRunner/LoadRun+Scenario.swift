import EventProgram
import LoadMetrics
import WebSocketTransport

extension LoadRun.ScenarioOutcome {
    /// Puts together what all lanes of a scenario have to say.
    ///
    /// - Parameter isWhole: whether nothing ended the run before its load.
    init(_ job: ScenarioJob, _ lanes: [LaneResult], isWhole: Bool, in snapshot: MetricsSnapshot) {
        name = job.program.scenario
        part = job.part
        for lane in lanes {
            sessions = sessions + lane.sessions
            arrivals = arrivals + lane.arrivals
            missedArrivals += lane.missedArrivals
            if let more = lane.conditions {
                if conditions == nil { conditions = more } else { conditions?.merge(more) }
            }
            if let more = lane.marks {
                if marks == nil { marks = more } else { marks?.merge(more) }
            }
        }
        let selector: TagSet = ["scenario": name]
        conservation = ConservationCounts(
            scenario: name, planned: isWhole ? job.plannedCount : nil, sessions: sessions,
            unopened: lanes.reduce(0) { $0 + $1.unopened },
            cut: lanes.reduce(0) { $0 + $1.cut }, usersLeft: Int64(snapshot.gauge(.vus, selector)?.last ?? 0),
            sessionsLeft: Int64(snapshot.gauge(.wsOpen, selector)?.last ?? 0),
            arrivals: job.arrivalUsers == nil ? nil : arrivals,
            marks: MarkSummary.all(marks, of: job.program),
            awaits: AwaitCounts(lanes.map(\.awaits).reduce(AwaitLedger(), +)),
            wire: ConservationCounts.Wire(
                messagesSent: lanes.reduce(0) { $0 + $1.traffic.messagesSent },
                messagesReceived: lanes.reduce(0) { $0 + $1.traffic.messagesReceived },
                messagesForNobody: lanes.reduce(0) { $0 + $1.messagesForNobody }),
            samples: ConservationCounts.Samples(of: name, in: snapshot))
    }
}

extension AwaitCounts {
    fileprivate init(_ ledger: AwaitLedger) {
        self.init(
            begun: ledger.begun, met: ledger.met, passedOver: ledger.passedOver, failed: ledger.failed,
            left: ledger.left)
    }
}
