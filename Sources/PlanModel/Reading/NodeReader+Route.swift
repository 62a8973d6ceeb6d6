import Diagnostics
import PlanSyntax
import WebSocketCodec

/// The way of connections to their target: `connect.proxy`, `connect.resolve` and `connect.local_addresses`.
extension NodeReader {
    mutating func route(_ fields: Fields) -> Connect.Route {
        var route = Connect.Route()
        route.proxy = fields["proxy"].flatMap { proxy($0) }
        route.overrides = fields["resolve"].map { overrides($0) } ?? AddressOverrides()
        route.localAddresses = fields["local_addresses"].map { localAddresses($0) } ?? []
        return route
    }

    private mutating func proxy(_ node: PlanNode) -> ProxyURL? {
        guard let text = knownText(node, of: "'proxy'", "proxy: http://127.0.0.1:3128") else { return nil }
        do throws(WebSocketURLError) {
            return try ProxyURL(text.text)
        } catch {
            let isWritten = node.scalar?.text.text == text.text
            let count = findings.count
            report(
                .invalidURL, Diagnostic.Message(error.reason),
                at: isWritten ? text.span(of: error.range) : node.span, help: error.help)
            if !isWritten { tellRendered(text.text, since: count) }
            return nil
        }
    }

    private mutating func overrides(_ node: PlanNode) -> AddressOverrides {
        let example = "resolve:\n  example.com: 127.0.0.1"
        var overrides = AddressOverrides()
        for entry in entries(node, of: "'resolve'", Wanted("a mapping of hosts to addresses", example)) {
            let elements = entry.value.sequence ?? [entry.value]
            if elements.isEmpty { reportEmpty(entry.value, of: "the addresses of a host", example: example) }
            let endpoints = elements.compactMap { element in
                address(element, of: "the address of a host", example) { text throws(AddressSyntaxError) in
                    try AddressOverrides.Endpoint(text)
                }
            }
            do throws(AddressSyntaxError) {
                try overrides.add(entry.key.text, endpoints)
            } catch {
                report(.invalidAddress, Diagnostic.Message(error.reason), at: entry.key.span, help: error.help)
            }
        }
        return overrides
    }

    private mutating func localAddresses(_ node: PlanNode) -> [AddressRange] {
        let example = "local_addresses:\n  - 10.0.0.0/28"
        let elements = node.sequence ?? [node]
        if elements.isEmpty { reportEmpty(node, of: "'local_addresses'", example: example) }
        return elements.compactMap { element in
            address(element, of: "a local address", example) { text throws(AddressSyntaxError) in
                try AddressRange(text)
            }
        }
    }

    /// A scalar that `read` makes an address of; nil where it is not known, or wrong.
    private mutating func address<Address>(
        _ node: PlanNode, of name: String, _ example: String, read: (String) throws(AddressSyntaxError) -> Address
    ) -> Address? {
        guard let text = knownText(node, of: name, example) else { return nil }
        do throws(AddressSyntaxError) {
            return try read(text.text)
        } catch {
            let count = findings.count
            report(.invalidAddress, Diagnostic.Message(error.reason), at: node.span, help: error.help)
            tellRendered(text.text, of: node, since: count)
            return nil
        }
    }
}
