import Quantities

/// What of a load falls to one of the machines that share it. All parts together are the load.
package struct LoadPart: Hashable, Sendable {
    package let shape: LoadShape
    /// The users of this part, user 1 being number 0.
    package let users: Share
    /// The arrivals or, where all users share them, the iterations of this part; nil where it has none, since it has no user.
    package let turns: Share?

    package init(_ shape: LoadShape, _ share: Share) {
        self.shape = shape
        users = share
        turns = share.amongUsers(shape.mostUsers)
    }

    /// The most users that this part has at once.
    package var mostUsers: Int64 { users.count(below: shape.mostUsers) }

    /// Whether nothing of the load falls to this part.
    package var isEmpty: Bool {
        switch shape.work {
        case .users: mostUsers == 0 || iterationLimit == 0
        case .arrivals: arrivalCount == 0
        }
    }

    /// How many iterations the users of this part share; nil where nothing limits them together.
    package var iterationLimit: Int64? {
        guard case .users(_, .total(let count)) = shape.work else { return nil }
        return turns?.count(below: count) ?? 0
    }

    /// How many iterations this part is to make where nothing ends it before; nil where time alone limits them.
    package var iterationCount: Int64? {
        guard case .users(_, .perVU(let count)) = shape.work else { return iterationLimit }
        let (product, isTooLarge) = mostUsers.multipliedReportingOverflow(by: count)
        return isTooLarge ? .max : product
    }

    /// How many arrivals this part has; 0 for a load of users.
    package var arrivalCount: Int64 {
        guard case .arrivals(let schedule, _) = shape.work else { return 0 }
        return turns?.count(below: schedule.count) ?? 0
    }

    /// How many arrivals there are in a second; nil where that changes, and for a load of users.
    package var constantRatePerSecond: Double? {
        guard case .arrivals(let schedule, _) = shape.work, let rate = schedule.constantRate, let turns else {
            return nil
        }
        return rate.perSecond / Double(turns.count)
    }

    /// The most sessions that this part has at once.
    package var mostSessions: Int { Int(iterationLimit.map { min($0, mostUsers) } ?? mostUsers) }
}
