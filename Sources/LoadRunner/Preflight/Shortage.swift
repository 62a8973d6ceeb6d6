/// What a run needs and this machine does not have.
package enum Shortage: Hashable, Sendable {
    case descriptors(needed: Int, limit: Int)
    /// Sessions on one path, and the ports that there are on it.
    case ports(RunNeeds.Ports, available: Int)
    /// In bytes: an estimate, and what is free now.
    case memory(needed: Int, free: Int)
}

extension RunNeeds {
    /// Everything that there is too little of. What the machine does not tell is taken to suffice.
    package func shortages(on host: HostLimits) -> [Shortage] {
        var shortages: [Shortage] = []
        if let limit = host.descriptors, descriptors > limit {
            shortages.append(.descriptors(needed: descriptors, limit: limit))
        }
        for need in ports {
            guard let available = host.ports(on: need.path), need.count > available else { continue }
            shortages.append(.ports(need, available: available))
        }
        if let free = host.memoryBytes, memoryBytes > free {
            shortages.append(.memory(needed: memoryBytes, free: free))
        }
        return shortages
    }
}
