/// How the messages of one connection are compressed, as its server has answered.
package struct CompressionAgreement: Hashable, Sendable {
    /// What holds for the messages of one end.
    package struct Terms: Hashable, Sendable {
        /// The base-2 logarithm of the window they are compressed with, 8 to 15.
        package var windowBits = 15
        /// Whether they may refer to earlier ones.
        package var takesContextOver = true

        package init() {}
    }

    package var client = Terms()
    package var server = Terms()

    package init() {}
}

extension CompressionOffer {
    /// Judges what a server has answered in `Sec-WebSocket-Extensions`; nil where it has answered nothing.
    ///
    /// - Throws: where the answer accepts what was not offered, or what it says is not valid (RFC 7692 §5.1, §7.1).
    func agreement(in headers: HTTPHeaders) throws(HandshakeError) -> CompressionAgreement? {
        var agreement: CompressionAgreement?
        for item in try headers.webSocketExtensions() {
            guard item.name == Self.extensionName else {
                throw HandshakeError(
                    reason: "the server uses the extension \(quoted(item.name)), where only "
                        + "'\(Self.extensionName)' was offered")
            }
            guard agreement == nil else {
                throw HandshakeError(reason: "the server uses the extension '\(item.name)' twice")
            }
            agreement = try self.agreement(from: item.parameters)
        }
        return agreement
    }

    private func agreement(
        from parameters: [ExtensionItem.Parameter]
    ) throws(HandshakeError) -> CompressionAgreement {
        var agreement = CompressionAgreement()
        agreement.client.takesContextOver = !clientNoContextTakeover
        agreement.client.windowBits = clientMaximumWindowBits ?? 15
        var seen: Set<String> = []
        for parameter in parameters {
            guard seen.insert(parameter.name).inserted else {
                throw HandshakeError(reason: "the server answers '\(parameter.name)' twice")
            }
            switch parameter.name {
            case "server_no_context_takeover":
                try parameter.requireNoValue()
                agreement.server.takesContextOver = false
            case "client_no_context_takeover":
                try parameter.requireNoValue()
                agreement.client.takesContextOver = false
            case "server_max_window_bits":
                agreement.server.windowBits = try parameter.windowBits()
            case "client_max_window_bits":
                // Ours is a hint: the server may allow more than we are going to use (§7.1.2.2).
                agreement.client.windowBits = min(agreement.client.windowBits, try parameter.windowBits())
            default:
                throw HandshakeError(
                    reason: "the server answers the parameter \(quoted(parameter.name)), which "
                        + "'\(Self.extensionName)' does not have")
            }
        }
        // A server accepts these by saying them too (§7.1.1.1, §7.1.2.1).
        if serverNoContextTakeover, agreement.server.takesContextOver {
            throw HandshakeError(reason: "the server does not answer the 'server_no_context_takeover' that was offered")
        }
        if let offered = serverMaximumWindowBits {
            guard seen.contains("server_max_window_bits") else {
                throw HandshakeError(reason: "the server does not answer the 'server_max_window_bits' that was offered")
            }
            guard agreement.server.windowBits <= offered else {
                throw HandshakeError(
                    reason: "the server answers 'server_max_window_bits' with \(agreement.server.windowBits), where "
                        + "\(offered) was offered")
            }
        }
        return agreement
    }
}

extension ExtensionItem.Parameter {
    fileprivate func requireNoValue() throws(HandshakeError) {
        if let value { throw HandshakeError(reason: "the server answers '\(name)' with the value \(quoted(value))") }
    }

    /// A decimal number from 8 to 15 without leading zeros (RFC 7692 §7.1.2).
    fileprivate func windowBits() throws(HandshakeError) -> Int {
        guard let value else { throw HandshakeError(reason: "the server answers '\(name)' without a value") }
        guard let bits = (8...15).first(where: { String($0) == value }) else {
            throw HandshakeError(
                reason: "the server answers '\(name)' with \(quoted(value)), which is not a number from 8 to 15")
        }
        return bits
    }
}
