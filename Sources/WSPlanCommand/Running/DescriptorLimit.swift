import Glibc
import LoadRunner
import PlanModel

/// The file descriptors that this process may have open: each connection is one (getrlimit(2), RLIMIT_NOFILE).
enum DescriptorLimit {
    /// Those of a loop: its epoll set, timerfd and eventfd.
    static let perLoop = 3
    /// For the standard streams, reports, the signals' eventfd, libdispatch and look-ups of names.
    static let reserve = 32

    /// Raises the soft limit to the hard one, and gives what holds from then on; nil where the system does not say.
    static func raise() -> Int? {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return nil }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        return Int(clamping: setrlimit(resource, &limit) == 0 ? limit.rlim_max : soft)
    }
}

extension LoadedPlan {
    /// Why the plan needs more descriptors than there are, before the first of them is opened; nil where they suffice.
    func shortage(ofDescriptors limit: Int?, loopCount: Int?, isSmoke: Bool) -> String? {
        guard let limit, let plan, let load = plan.scenarios.first?.load else { return nil }
        let shape = LoadShape(load, isSmoke: isSmoke)
        let loops = loopCount ?? LoadRun.defaultLoopCount(vus: shape.vus)
        var needed = shape.mostSessions + loops * DescriptorLimit.perLoop + DescriptorLimit.reserve
        // The embedded server has the other end of every connection, a loop, and the socket that it listens at.
        if plan.serve != nil { needed += shape.mostSessions + DescriptorLimit.perLoop + 1 }
        guard needed > limit else { return nil }
        let server = plan.serve == nil ? "" : ", with both ends of each connection in this process"
        return """
            \(shape.mostSessions) sessions at once need \(needed) file descriptors\(server), and this process may have \
            \(limit); raise the limit (ulimit -n) or run fewer virtual users
            """
    }
}
