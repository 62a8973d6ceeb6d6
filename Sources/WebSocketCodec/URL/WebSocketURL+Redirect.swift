extension WebSocketURL {
    /// Where an answer's `Location` leads from here (RFC 9110 §10.2.2, RFC 3986 §5.2). `http` and `https` mean `ws` and
    /// `wss`, since servers lead clients of every kind to the same place. A fragment is of no use here and left out.
    package func redirected(to location: String) throws(WebSocketURLError) -> WebSocketURL {
        let reference = String(decoding: location.utf8.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
        guard !reference.isEmpty else {
            throw WebSocketURLError(range: 0..<0, reason: "it leads nowhere", help: nil)
        }
        if let (name, rest) = Self.schemeAndRest(of: reference) {
            switch name {
            case "http", "ws": return try WebSocketURL("ws:" + rest)
            case "https", "wss": return try WebSocketURL("wss:" + rest)
            case Scheme.wsUnix.rawValue:
                throw WebSocketURLError(
                    range: 0..<name.utf8.count, reason: "no server leads to a socket of this machine", help: nil)
            default:
                throw WebSocketURLError(
                    range: 0..<name.utf8.count, reason: "'\(name)' is not the scheme of a WebSocket", help: nil)
            }
        }
        if reference.utf8.starts(with: "//".utf8) {
            return try WebSocketURL((scheme == .wss ? "wss:" : "ws:") + reference)
        }
        // A host that cannot be wrong has the target judged alone.
        let target = try WebSocketURL("ws://h" + target(behind: reference)).target
        return WebSocketURL(
            scheme: scheme, host: host, port: port, userInfo: userInfo, target: target, socketPath: socketPath)
    }

    /// Whether both are at the same place: scheme, host and port. Only there does a client say again what it was told to
    /// say in confidence.
    package func hasSameOrigin(as other: WebSocketURL) -> Bool {
        scheme == other.scheme && equalIgnoringASCIICase(host, other.host) && port == other.port
            && socketPath == other.socketPath
    }

    /// The same address with the name and password of another, which is at the same place, if it has none of its own.
    package func withUserInfo(of other: WebSocketURL) -> WebSocketURL {
        WebSocketURL(
            scheme: scheme, host: host, port: port, userInfo: userInfo ?? other.userInfo, target: target,
            socketPath: socketPath)
    }

    /// The address without name and password.
    package var withoutUserInfo: String {
        let authority = scheme == .wsUnix ? "\(socketPath ?? ""):" : "//\(hostHeader)"
        return "\(scheme.rawValue):\(authority)\(target)"
    }

    /// The name of the scheme in lower case, and what follows its colon.
    private static func schemeAndRest(of reference: String) -> (name: String, rest: String)? {
        let bytes = Array(reference.utf8)
        let name = bytes.prefix { $0.isASCIILetter || $0.isASCIIDigit || "+-.".utf8.contains($0) }
        guard let first = name.first, first.isASCIILetter, name.count < bytes.count,
            bytes[name.count] == UInt8(ascii: ":")
        else { return nil }
        return (
            String(decoding: name.map(\.asciiLowercased), as: UTF8.self),
            String(decoding: bytes[(name.count + 1)...], as: UTF8.self)
        )
    }

    /// The target that a reference without scheme and host stands for.
    private func target(behind reference: String) -> String {
        let path = String(target.prefix { $0 != "?" })
        if reference.utf8.first == UInt8(ascii: "?") { return path + reference }
        let end = reference.firstIndex(of: "?") ?? reference.endIndex
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        let merged = reference.utf8.first == UInt8(ascii: "/") ? reference[..<end] : folder + reference[..<end]
        return Self.withoutDotSegments(merged) + reference[end...]
    }

    /// RFC 3986 §5.2.4
    private static func withoutDotSegments(_ path: Substring) -> String {
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            if segment == ".." { _ = kept.popLast() }
            if segment != ".", segment != ".." {
                kept.append(segment)
            } else if index == segments.count - 1 {
                kept.append("")
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}
