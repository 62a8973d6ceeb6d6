import EventProgram
import Expressions
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// What the loops of a run share of one scenario.
struct ScenarioJob: Sendable {
    struct Gauges: Sendable {
        let vus: SharedGauge
        let vusMax: SharedGauge
        let open: SharedGauge

        /// - Parameter users: the most that run at once.
        init(_ tags: TagSet, users: Int64, partOf total: Gauges?) {
            vus = SharedGauge(.vus, tags, partOf: total?.vus)
            vusMax = SharedGauge(.vusMax, tags, partOf: total?.vusMax, level: users)
            open = SharedGauge(.wsOpen, tags, partOf: total?.open)
        }

        var all: [SharedGauge] { [vus, vusMax, open] }
    }

    /// Its place among the scenarios of the run.
    let index: Int
    let program: Program
    let part: LoadPart
    let compression: CompressionOffer?
    let tls: TLSContext?
    let rows: [RowSource]
    let route: ConnectRoute
    let redirectLimit: Int
    let observe: (@Sendable (TranscriptEvent) -> Void)?
    let tags: TagSet
    let facts: RunFacts
    let gauges: Gauges
    /// What everything random in the scenario derives from.
    let seed: RandomSeed
    let log: LogSink
    /// What may wait to be sent for one peer, in bytes.
    let sendQueueBytes: Int
    let startNanoseconds: Int64
    /// What turns the monotonic clock into nanoseconds since 1970.
    let wallOffsetNanoseconds: Int64
    /// The iterations that its users share.
    let iterations: IterationCounter
    /// The users of an open load; nil for a closed one.
    let arrivalUsers: ArrivalUsers?
    let control: RunControl

    var shape: LoadShape { part.shape }

    /// How many arrivals or iterations there are for sure, unless the run is stopped; nil where it takes less to end them.
    var plannedCount: UInt64? {
        guard !rows.contains(where: \.dealer.hasRefused) else { return nil }
        switch shape.work {
        case .arrivals: return UInt64(part.arrivalCount)
        case .users: return shape.durationNanoseconds == nil ? part.iterationCount.map { UInt64($0) } : nil
        }
    }

    /// From when all sessions were told to close until what still hangs is cut off: the close timeout, and half a second
    /// for the last events to arrive.
    var drainNanoseconds: Int64 { program.timeouts.closeNanoseconds + 500_000_000 }

    /// The same where the run ends before its load does, at most: with what is left to do then, writing reports, it is over
    /// within `graceful_stop` and a second.
    static let hasteNanoseconds: Int64 = 700_000_000
}
