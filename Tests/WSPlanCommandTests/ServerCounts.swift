import Foundation
import TestSupport

/// What `echo_server.py` has counted.
struct ServerCounts: Decodable {
    var sessions: Int
    var received: Int
    var sent: Int
    var bytes: Int
    var compressed: Int
    /// By code, in digits.
    var closes: [String: Int]
}

/// What `reply_server.py` has counted.
struct ReplyCounts: Decodable {
    var received: Int
    var answered: Int
    var never: Int
    var twice: Int
    var inFlight: Int
    /// By the index of the delay: how many requests were answered, and the median of the time that they were held.
    var held: [[Double]]

    private enum CodingKeys: String, CodingKey {
        case received, answered, never, twice, held
        case inFlight = "in_flight"
    }
}

/// What `raw_peer.py` has seen.
struct PeerCounts: Decodable {
    var connections: Int
    var closes: [Int]
    var messages: [String]
    var requests: [Request]

    struct Request: Decodable {
        var line: String
        /// By their names in lower case.
        var headers: [String: String]
        /// The address that the client came from.
        var from: String

        var target: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    }
}

extension TestServer {
    /// Ends the server and reads what it leaves.
    func finish<Counts: Decodable>(_: Counts.Type) async throws -> Counts {
        try JSONDecoder().decode(Counts.self, from: Data(try await finish().utf8))
    }
}
