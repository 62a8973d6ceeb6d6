/// Which virtual users run at what time: a function of the nanoseconds since the load began. Users are known by their
/// numbers, from 1; those that run are always the first ones.
package struct UserSchedule: Hashable, Sendable {
    /// A stretch over which the number of users goes evenly to a target; at once, where it takes no time.
    package struct Stage: Hashable, Sendable {
        package var durationNanoseconds: Int64
        package var target: Int64

        package init(durationNanoseconds: Int64, target: Int64) {
            self.durationNanoseconds = durationNanoseconds
            self.target = target
        }
    }

    private enum Form: Hashable, Sendable {
        /// All of them, the first starts spread evenly over a time: the first at once, the last one step before its end.
        case constant(users: Int64, rampUpNanoseconds: Int64)
        case stages([Segment])
    }

    /// A stage, and where it lies.
    private struct Segment: Hashable, Sendable {
        var start: Int64
        var duration: Int64
        var from: Int64
        var to: Int64

        var end: Int64 { start + duration }
    }

    private let form: Form

    /// The most users that run at once.
    package let most: Int64

    /// So many users from the beginning on, their first starts spread over `rampUpNanoseconds`.
    package init(users: Int64, rampUpNanoseconds: Int64 = 0) {
        form = .constant(users: users, rampUpNanoseconds: rampUpNanoseconds)
        most = users
    }

    /// So many users at first, and others as the stages say. Within a stage the number is the line's, without what is left
    /// over on its way: from 0 to 10 in ten seconds the first user starts after one second, and from 10 to 0 one stops then.
    package init(startUsers: Int64, stages: [Stage]) {
        var segments: [Segment] = []
        var start: Int64 = 0
        var level = startUsers
        var most: Int64 = 0
        for stage in stages {
            let segment = Segment(start: start, duration: stage.durationNanoseconds, from: level, to: stage.target)
            if segment.duration > 0 { most = max(most, segment.from, segment.to) }
            segments.append(segment)
            start = segment.end
            level = stage.target
        }
        form = .stages(segments)
        self.most = most
    }

    /// When the last stage ends; nil where there are none.
    package var endNanoseconds: Int64? {
        switch form {
        case .constant: nil
        case .stages(let segments): segments.last?.end ?? 0
        }
    }

    /// How many users run at a time. Behind the last stage: as many as at its end.
    package func count(atNanoseconds time: Int64) -> Int64 {
        switch form {
        case .constant(let users, let rampUp):
            guard time < rampUp else { return users }
            // Those n from 0 with ⌊n × rampUp ÷ users⌋ ≤ time, that is, with n × rampUp < (time + 1) × users.
            return min(users, Self.roundedUp(time + 1, users, over: rampUp))
        case .stages(let segments):
            var level: Int64 = 0
            for segment in segments where segment.start <= time {
                guard time < segment.end else {
                    level = segment.to
                    continue
                }
                let change = Self.roundedDown(
                    abs(segment.to - segment.from), time - segment.start, over: segment.duration)
                level = segment.from + (segment.to < segment.from ? -change : change)
            }
            return level
        }
    }

    /// When a user that does not run at a time starts next; nil where it does not before the end.
    package func nextStartNanoseconds(ofUser id: Int64, after time: Int64) -> Int64? {
        switch form {
        case .constant(let users, let rampUp):
            return id <= users ? Self.roundedDown(rampUp, id - 1, over: users) : nil
        case .stages(let segments):
            for segment in segments where segment.end > time && segment.from < id && id <= segment.to {
                let change = Self.roundedUp(id - segment.from, segment.duration, over: segment.to - segment.from)
                let start = segment.start + change
                if isBeforeEnd(start), count(atNanoseconds: start) >= id { return start }
            }
            return nil
        }
    }

    /// When a user that runs at a time is stopped next; nil where the load ends first.
    package func nextStopNanoseconds(ofUser id: Int64, after time: Int64) -> Int64? {
        guard case .stages(let segments) = form else { return nil }
        for segment in segments where segment.end > time && segment.to < id && id <= segment.from {
            let change = Self.roundedUp(segment.from - id + 1, segment.duration, over: segment.from - segment.to)
            let stop = segment.start + change
            if isBeforeEnd(stop), count(atNanoseconds: stop) < id { return stop }
        }
        return nil
    }

    private func isBeforeEnd(_ time: Int64) -> Bool { endNanoseconds.map { time < $0 } ?? true }

    // MARK: Arithmetic

    /// a × b ÷ c, all from 0, where the result is one of `Int64` and the product need not be.
    private static func roundedDown(_ a: Int64, _ b: Int64, over c: Int64) -> Int64 {
        c.dividingFullWidth(a.multipliedFullWidth(by: b)).quotient
    }

    private static func roundedUp(_ a: Int64, _ b: Int64, over c: Int64) -> Int64 {
        let (quotient, remainder) = c.dividingFullWidth(a.multipliedFullWidth(by: b))
        return remainder == 0 ? quotient : quotient + 1
    }
}
