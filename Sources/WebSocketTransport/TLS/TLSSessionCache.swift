import COpenSSL
import Synchronization

/// The sessions that later connections of one context may go on with (RFC 8446 §2.2, RFC 5077), by server.
///
/// A virtual user has none of its own: whoever connects next takes the latest. One of TLS 1.3 is taken once
/// (RFC 8446 §C.4), one of TLS 1.2 stays.
final class TLSSessionCache: Sendable {
    /// Each has the server's certificates in it, some kilobytes.
    private static let sessionsPerServer = 256
    private static let servers = 64

    /// The place of a connection's server, from 1, in the connection's data for applications.
    private static let placeIndex = wsplan_SSL_get_ex_new_index()

    private struct Entries {
        var places: [String: Int] = [:]
        /// OpenSSL's sessions as bit patterns, the latest last; by place.
        var sessions: [[UInt]] = []

        /// The place of a server; nil where there are too many of them.
        mutating func place(of server: String) -> Int? {
            if let place = places[server] { return place }
            guard sessions.count < TLSSessionCache.servers else { return nil }
            places[server] = sessions.count
            sessions.append([])
            return sessions.count - 1
        }
    }

    private let entries = Mutex(Entries())

    deinit {
        entries.withLock { entries in
            for session in entries.sessions.joined() { SSL_SESSION_free(OpaquePointer(bitPattern: session)) }
        }
    }

    /// Has a connection go on with an earlier session, if there is one, and its own kept.
    func prepare(_ connection: OpaquePointer, server: String) {
        entries.withLock { entries in
            guard let place = entries.place(of: server) else { return }
            SSL_set_ex_data(connection, Self.placeIndex, UnsafeMutableRawPointer(bitPattern: place + 1))
            guard let latest = entries.sessions[place].last, let session = OpaquePointer(bitPattern: latest) else {
                return
            }
            SSL_set_session(connection, session)
            guard SSL_SESSION_get_protocol_version(session) == TLS1_3_VERSION else { return }
            entries.sessions[place].removeLast()
            SSL_SESSION_free(session)
        }
    }

    /// What OpenSSL calls with each session that a server offers; 1 keeps the reference that comes with it.
    static let keep: @convention(c) (OpaquePointer?, OpaquePointer?) -> Int32 = { connection, session in
        guard let session, let place = SSL_get_ex_data(connection, placeIndex),
            let cache = TLSContext.of(connection)?.sessions
        else { return 0 }
        cache.add(session, at: Int(bitPattern: place) - 1)
        return 1
    }

    private func add(_ session: OpaquePointer, at place: Int) {
        entries.withLock { entries in
            // Of TLS 1.2 one is enough: it is not used up.
            let isUsedOnce = SSL_SESSION_get_protocol_version(session) == TLS1_3_VERSION
            let limit = isUsedOnce ? Self.sessionsPerServer : 1
            while entries.sessions[place].count >= limit {
                SSL_SESSION_free(OpaquePointer(bitPattern: entries.sessions[place].removeFirst()))
            }
            entries.sessions[place].append(UInt(bitPattern: session))
        }
    }
}
