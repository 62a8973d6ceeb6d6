import EventProgram
import LoadRunner
import PlanModel
import RunReports
import WebSocketTransport

/// What a plan needs of this machine, and what of that is not there: known before the first connect.
struct Preflight {
    let needs: RunNeeds
    let host: HostLimits
    let shortages: [Shortage]

    /// Names are looked up only where the ports to one address would not do.
    init(_ plan: Plan, _ programs: [Program], _ settings: PlanRun.Settings, on host: HostLimits) {
        var needs = RunNeeds(plan, programs, settings)
        var shortages = needs.shortages(on: host)
        if shortages.contains(where: \.isOfPorts) {
            needs = RunNeeds(plan, programs, settings) { Resolver.shared.families(of: $0) }
            shortages = needs.shortages(on: host)
        }
        self.needs = needs
        self.host = host
        self.shortages = shortages
    }

    /// Each shortage with what is needed, what there is, and what helps.
    var reasons: [String] { shortages.map { $0.inWords(needs) } }
}

extension Shortage {
    fileprivate var isOfPorts: Bool {
        if case .ports = self { true } else { false }
    }

    fileprivate func inWords(_ needs: RunNeeds) -> String {
        let bothEnds = needs.hasServer ? ", with both ends of each connection in this process" : ""
        switch self {
        case .descriptors(let needed, let limit):
            return """
                \(needs.sessions) sessions at once need \(needed) file descriptors\(bothEnds), and this process may have \
                \(limit); raise the limit (ulimit -n), run fewer virtual users, or share the load among machines (--shard)
                """
        case .ports(let need, let available):
            let pairs = need.path.pairCount == 1 ? "" : ", over \(need.path.pairCount) pairs of addresses"
            return """
                \(need.count) sessions at once to \(need.path.destination) need a local port each, and this machine has \
                \(available) for them\(pairs); widen net.ipv4.ip_local_port_range, name more addresses in \
                connect.local_addresses, or share the load among machines (--shard)
                """
        case .memory(let needed, let free):
            let histograms = NumberFormat.bytes(Double(needs.histogramBytes))
            return """
                \(needs.sessions) sessions at once need some \(NumberFormat.bytes(Double(needed))) of memory\(bothEnds), \
                \(histograms) of it for histograms, and \(NumberFormat.bytes(Double(free))) are free; run fewer virtual \
                users, share the load among machines (--shard), offer compression without context takeover, or, for \
                fewer histograms, name fewer awaits and groups or have fewer loops (--loops)
                """
        }
    }
}
