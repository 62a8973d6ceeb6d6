import Glibc
import LoadRunner
import PlanModel

/// The file descriptors that this process may have open: each connection is one (getrlimit(2), RLIMIT_NOFILE).
enum DescriptorLimit {
    /// Those of a loop: its epoll set, timerfd and eventfd.
    static let perLoop = 3
    /// For the standard streams, reports, the signals' eventfd, libdispatch and look-ups of names.
    static let reserve = 32

    /// What holds now; nil where there is no limit (RLIM_INFINITY), or the system does not say.
    static var current: Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur != .max else {
            return nil
        }
        return Int(clamping: limit.rlim_cur)
    }

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
    func shortage(ofDescriptors limit: Int?, _ settings: PlanRun.Settings) -> String? {
        guard let limit, let plan else { return nil }
        let parts = plan.scenarios.map { LoadPart(LoadShape($0.load, isSmoke: settings.isSmoke), settings.share) }
        let sessions = parts.reduce(0) { $0 + $1.mostSessions }
        let loops = settings.loopCount ?? LoadRun.defaultLoopCount(users: parts.reduce(0) { $0 + $1.mostUsers })
        var needed = sessions + loops * DescriptorLimit.perLoop + DescriptorLimit.reserve
        // The embedded server has the other end of every connection, a loop, and the socket that it listens at.
        if plan.serve != nil { needed += sessions + DescriptorLimit.perLoop + 1 }
        guard needed > limit else { return nil }
        let server = plan.serve == nil ? "" : ", with both ends of each connection in this process"
        return """
            \(sessions) sessions at once need \(needed) file descriptors\(server), and this process may have \
            \(limit); raise the limit (ulimit -n) or run fewer virtual users
            """
    }
}
