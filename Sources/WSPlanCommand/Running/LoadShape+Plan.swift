import Diagnostics
import LoadRunner
import PlanModel

extension LoadShape {
    /// - Parameter isSmoke: one user and one iteration at once, whatever the load says. Its duration stays the longest that
    ///   it may take: it may be what ends the session.
    init(_ load: Load, isSmoke: Bool) {
        guard !isSmoke else {
            self.init(
                durationNanoseconds: load.shape.durationNanoseconds,
                gracefulStopNanoseconds: load.gracefulStopNanoseconds)
            return
        }
        self.init(
            Work(load), startAfterNanoseconds: load.startAfterNanoseconds,
            durationNanoseconds: load.shape.durationNanoseconds,
            pauseNanoseconds: load.pause.minNanoseconds...max(load.pause.minNanoseconds, load.pause.maxNanoseconds),
            gracefulStopNanoseconds: load.gracefulStopNanoseconds)
    }
}

extension LoadShape.Work {
    fileprivate init(_ load: Load) {
        let constant = UserSchedule(users: Int64(load.shape.mostVUs), rampUpNanoseconds: load.rampUpNanoseconds)
        switch load.shape {
        case .constantVUs: self = .users(constant, .unlimited)
        case .sharedIterations(_, let count, _): self = .users(constant, .total(Int64(count.value)))
        case .iterationsPerVU(_, let count, _): self = .users(constant, .perVU(Int64(count?.value ?? 1)))
        case .rampingVUs(let start, let stages):
            let stages = stages.map {
                UserSchedule.Stage(durationNanoseconds: $0.duration.value, target: Int64($0.target.value))
            }
            self = .users(UserSchedule(startUsers: Int64(start.value), stages: stages), .unlimited)
        case .constantArrivals(let rate, let duration, let maxVUs):
            self = .arrivals(
                ArrivalSchedule(rate: rate.value, durationNanoseconds: duration.value), users: Int64(maxVUs.value))
        case .rampingArrivals(let start, let stages, let maxVUs):
            let stages = stages.map {
                ArrivalSchedule.Stage(durationNanoseconds: $0.duration.value, target: $0.target.value)
            }
            self = .arrivals(ArrivalSchedule(startRate: start.value, stages: stages), users: Int64(maxVUs.value))
        }
    }
}
