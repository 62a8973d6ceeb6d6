import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import LoadRunner
import PlanModel
import WebSocketCodec
import WebSocketTransport

extension RunNeeds {
    /// What a plan needs, as it is run by `settings`.
    ///
    /// - Parameters:
    ///   - programs: those of its scenarios.
    ///   - lookUp: gives the addresses of a name; nil where that is not to be asked for, which counts as one.
    init(
        _ plan: Plan, _ programs: [Program], _ settings: PlanRun.Settings,
        lookUp: ((String) -> [IPAddress.Family])? = nil
    ) {
        let parts = plan.scenarios.map { LoadPart(LoadShape($0.load, isSmoke: settings.isSmoke), settings.share) }
        let watched = Set(settings.isSmoke ? [] : plan.thresholds.map(\.selector.metric.name))
        let users = parts.reduce(0) { $0 + $1.mostUsers }
        let loopCount = settings.loopCount.map { min($0, Int(clamping: max(1, users))) }
        self.init(
            zip(zip(plan.scenarios, programs), parts).map { scenario, part in
                let (scenario, program) = scenario
                return Sessions(
                    part.mostSessions, to: scenario.portPath(in: plan, lookUp: lookUp),
                    memory: SessionMemory(scenario), histograms: HistogramCount(of: program, watchedBy: watched))
            },
            loopCount: loopCount ?? LoadRun.defaultLoopCount(users: users), hasServer: plan.serve != nil)
    }
}

extension Scenario {
    fileprivate func portPath(in plan: Plan, lookUp: ((String) -> [IPAddress.Family])?) -> PortPath? {
        if connectsToEmbeddedServer {
            return PortPath(to: "the embedded server", pairCount: localCount(.v4), listeningCount: 1)
        }
        guard let url = origin(in: plan.environment), url.scheme != .wsUnix else { return nil }
        let host = connect.route.proxy?.host ?? url.host
        let port = connect.route.proxy?.port ?? url.port
        let name = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let endpoints = connect.route.overrides.endpoints(of: host, port: port)
        var families: [IPAddress.Family?] = endpoints.map(\.address.family)
        if families.isEmpty { families = IPAddress(host).map { [$0.family] } ?? lookUp?(host) ?? [] }
        // A name has one address, for all that is known.
        if families.isEmpty { families = [nil] }
        let pairs = families.reduce(0) { $0 + localCount($1) }
        return PortPath(to: connect.route.proxy == nil ? name : "the proxy \(name)", pairCount: pairs)
    }

    /// How many addresses of this machine connections of one family go out from; of an unknown one, the more of both.
    private func localCount(_ family: IPAddress.Family?) -> Int {
        func count(_ family: IPAddress.Family) -> Int {
            connect.route.localAddresses.filter { $0.first.family == family }.reduce(0) { $0 + $1.count }
        }
        return max(1, family.map(count) ?? max(count(.v4), count(.v6)))
    }
}

extension SessionMemory {
    /// Of a session that uses what its plan offers.
    fileprivate init(_ scenario: Scenario) {
        let speaksTLS = !scenario.isWithoutTLS && !scenario.url.source.text.lowercased().hasPrefix("ws:")
        self.init(
            speaksTLS: speaksTLS, compressionBytes: scenario.connect.compression.map { $0.bytesPerSession } ?? 0)
    }
}

extension CompressionOffer {
    /// What deflate and inflate keep between the messages of one session (zconf.h): nothing where none of them refers to an
    /// earlier one, since all sessions of a loop share it then.
    fileprivate var bytesPerSession: Int {
        let deflate = (1 << ((clientMaximumWindowBits ?? 15) + 2)) + (1 << 17) + (14 << 10)
        let inflate = (1 << (serverMaximumWindowBits ?? 15)) + (8 << 10)
        return (clientNoContextTakeover ? 0 : deflate) + (serverNoContextTakeover ? 0 : inflate)
    }
}
