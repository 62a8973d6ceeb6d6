package import EventProgram
package import Expressions
package import LoadMetrics
package import WebSocketCodec
package import WebSocketTransport

/// One scenario to run: its program, its load, and what its samples are tagged with.
package struct LoadScenario: Sendable {
    package var program: Program
    package var load: LoadShape
    /// The plan's own tags.
    package var tags: [(name: String, value: String)]
    /// The values of the plan's environment variables, in the order declared.
    package var environment: [Value]
    /// What no log and no failure may show.
    package var secrets: SecretMask
    /// What every connection proposes about compression; nil for nothing.
    package var compression: CompressionOffer?
    /// How TLS is spoken; nil where no address can be a `wss` one.
    package var tls: TLSContext?
    /// What deals the rows of the sources that the program reads, in the program's order.
    package var dealers: [RowDealer]
    /// The way of its connections to their target.
    package var route: ConnectRoute
    /// So many answers that lead elsewhere are followed.
    package var redirectLimit: Int
    /// Who hears what happens on the wire and what becomes of it, on the loop and at once; nil for nobody, which is what a
    /// load is made with.
    package var observe: (@Sendable (TranscriptEvent) -> Void)?

    package init(
        program: Program, load: LoadShape, tags: [(name: String, value: String)] = [], environment: [Value] = [],
        secrets: SecretMask = .none, compression: CompressionOffer? = nil, tls: TLSContext? = nil,
        dealers: [RowDealer] = [], route: ConnectRoute = ConnectRoute(), redirectLimit: Int = 0,
        observe: (@Sendable (TranscriptEvent) -> Void)? = nil
    ) {
        self.program = program
        self.load = load
        self.tags = tags
        self.environment = environment
        self.secrets = secrets
        self.compression = compression
        self.tls = tls
        self.dealers = dealers
        self.route = route
        self.redirectLimit = redirectLimit
        self.observe = observe
    }
}

/// What the loops of a run share and none changes.
struct LoadJob: Sendable {
    struct Gauges: Sendable {
        let vus: SharedGauge
        let vusMax: SharedGauge
        let open: SharedGauge

        var all: [SharedGauge] { [vus, vusMax, open] }
    }

    let program: Program
    let load: LoadShape
    let compression: CompressionOffer?
    let tls: TLSContext?
    let dealers: [RowDealer]
    let route: ConnectRoute
    let redirectLimit: Int
    let observe: (@Sendable (TranscriptEvent) -> Void)?
    let tags: TagSet
    let facts: RunFacts
    let gauges: Gauges
    /// What everything random in the run derives from.
    let seed: RandomSeed
    let log: LogSink
    let startNanoseconds: Int64
    /// What turns the monotonic clock into nanoseconds since 1970.
    let wallOffsetNanoseconds: Int64

    /// From when all sessions were told to close until what still hangs is cut off: the close timeout, and half a second
    /// for the last events to arrive.
    var drainNanoseconds: Int64 { program.timeouts.closeNanoseconds + 500_000_000 }
}
