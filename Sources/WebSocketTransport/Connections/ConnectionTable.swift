import WebSocketCodec

/// The connections of one loop, found by slot and generation in constant time.
///
/// Raw memory, so that a connection stays where it is while the table grows: a pointer to one is good until the
/// connection is removed, whatever the client does in between.
struct ConnectionTable: ~Copyable {
    private static let chunkSize = 256

    private var chunks: [UnsafeMutablePointer<Connection>] = []
    private var vacantSlots: [UInt32] = []

    /// How many connections there are.
    private(set) var count = 0

    deinit {
        for chunk in chunks {
            chunk.deinitialize(count: Self.chunkSize)
            chunk.deallocate()
        }
    }

    /// The connection of this name; nil when it has ended.
    subscript(id: ConnectionID) -> UnsafeMutablePointer<Connection>? {
        @inline(__always) get {
            let slot = Int(id.slot)
            guard slot < chunks.count * Self.chunkSize else { return nil }
            let place = chunks[slot / Self.chunkSize] + slot % Self.chunkSize
            return place.pointee.id == id && place.pointee.phase != .vacant ? place : nil
        }
    }

    /// Gives a connection a place and a name.
    mutating func insert(_ connection: consuming Connection) -> UnsafeMutablePointer<Connection> {
        if vacantSlots.isEmpty { grow() }
        let slot = Int(vacantSlots.removeLast())
        let place = chunks[slot / Self.chunkSize] + slot % Self.chunkSize
        connection.id = place.pointee.id
        place.pointee = connection
        count += 1
        return place
    }

    /// Gives a place up, with all memory of the connection in it. Its name means nothing from now on.
    mutating func remove(_ id: ConnectionID) {
        guard let place = self[id] else { preconditionFailure("no connection \(id)") }
        place.pointee = .vacant(ConnectionID(slot: id.slot, generation: id.generation &+ 1))
        vacantSlots.append(id.slot)
        count -= 1
    }

    /// Every connection there is.
    var ids: [ConnectionID] {
        (0..<chunks.count * Self.chunkSize).compactMap { slot in
            let place = chunks[slot / Self.chunkSize] + slot % Self.chunkSize
            return place.pointee.phase == .vacant ? nil : place.pointee.id
        }
    }

    private mutating func grow() {
        let first = UInt32(chunks.count * Self.chunkSize)
        let chunk = UnsafeMutablePointer<Connection>.allocate(capacity: Self.chunkSize)
        for index in 0..<Self.chunkSize {
            (chunk + index).initialize(to: .vacant(ConnectionID(slot: first + UInt32(index), generation: 0)))
        }
        chunks.append(chunk)
        vacantSlots.append(contentsOf: (first..<first + UInt32(Self.chunkSize)).reversed())
    }
}

extension Connection {
    /// What stands in a place that is not in use.
    fileprivate static func vacant(_ id: ConnectionID) -> Connection {
        var connection = Connection(.vacant, role: .client, limits: ConnectRequest.Limits())
        connection.id = id
        return connection
    }
}
