import Dispatch
import Glibc
import Synchronization
package import WebSocketCodec

/// Looks host names up, off the loops (`getaddrinfo` blocks), once for all who ask at the same time, and remembers the
/// answer for five minutes. A failure is not remembered.
package final class Resolver: Sendable {
    package typealias Answer = Result<[SocketAddress], ConnectionError>

    /// The one that every loop of the process asks.
    package static let shared = Resolver(lookUp: askSystem)

    private static let lifetimeNanoseconds: Int64 = 300 * 1_000_000_000

    private enum Entry {
        case inFlight(waiting: [@Sendable (Answer) -> Void])
        case known([SocketAddress], untilNanoseconds: Int64)
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let lookUp: @Sendable (String) -> Answer

    /// `lookUp` gives all addresses of a name, in the order in which they are to be tried; it may block.
    package init(lookUp: @escaping @Sendable (String) -> Answer) {
        self.lookUp = lookUp
    }

    /// The addresses of a literal or of a name that is known; nil where ``resolve(_:then:)`` has to be asked. Ports are 0.
    func known(_ host: String, nowNanoseconds: Int64) -> [SocketAddress]? {
        if let literal = SocketAddress(literal: host, port: 0) { return [literal] }
        return entries.withLock { entries in
            guard case .known(let addresses, let until) = entries[host], nowNanoseconds < until else { return nil }
            return addresses
        }
    }

    /// Looks `host` up, or joins the lookup that is under way, or takes the answer of one that has ended since
    /// ``known(_:nowNanoseconds:)`` was asked. `completion` is called once, on any thread.
    func resolve(_ host: String, then completion: @escaping @Sendable (Answer) -> Void) {
        let found = entries.withLock { entries -> Entry? in
            switch entries[host] {
            case .known(let addresses, let until) where MonotonicClock.nowNanoseconds < until:
                return .known(addresses, untilNanoseconds: until)
            case .inFlight(let waiting):
                entries[host] = .inFlight(waiting: waiting + [completion])
                return entries[host]
            case .known, nil:
                entries[host] = .inFlight(waiting: [completion])
                return nil
            }
        }
        switch found {
        case .known(let addresses, _): return completion(.success(addresses))
        case .inFlight: return
        case nil: break
        }
        // A serial queue of its own: a slow name does not hold up the others.
        DispatchQueue(label: "wsplan.resolver").async { [self] in
            let answer = lookUp(host)
            for completion in settle(host, with: answer) { completion(answer) }
        }
    }

    /// The family of each address of a literal or a name; none where it cannot be looked up. Blocks, and the loops know the
    /// answer afterwards.
    package func families(of host: String) -> [IPAddress.Family] {
        var addresses = known(host, nowNanoseconds: MonotonicClock.nowNanoseconds)
        if addresses == nil {
            let answer = lookUp(host)
            for completion in settle(host, with: answer) { completion(answer) }
            addresses = try? answer.get()
        }
        return (addresses ?? []).map { $0.family == AF_INET6 ? .v6 : .v4 }
    }

    /// Remembers an answer; returns those who wait for it.
    private func settle(_ host: String, with answer: Answer) -> [@Sendable (Answer) -> Void] {
        entries.withLock { entries in
            let entry = entries.removeValue(forKey: host)
            if case .success(let addresses) = answer {
                let until = MonotonicClock.nowNanoseconds + Self.lifetimeNanoseconds
                entries[host] = .known(addresses, untilNanoseconds: until)
            }
            guard case .inFlight(let waiting) = entry else { return [] }
            return waiting
        }
    }

    /// getaddrinfo(3): every stream address, in the order of RFC 6724.
    private static let askSystem: @Sendable (String) -> Answer = { host in
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            let reason = code == EAI_SYSTEM ? errorText(errno) : String(cString: gai_strerror(code))
            return .failure(ConnectionError(.dns, "cannot look up '\(host)': \(reason)"))
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let address = entry.ai_addr {
                addresses.append(
                    SocketAddress(bytes: UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))))
            }
            next = entry.ai_next
        }
        return addresses.isEmpty ? .failure(ConnectionError(.dns, "'\(host)' has no address")) : .success(addresses)
    }
}
